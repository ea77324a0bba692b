/** What is read again after an act on an attestation. */
export const reads = ['attestations.list', 'attestations.get', 'node.alerts'] as const;
