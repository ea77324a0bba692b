/** The texts that secp256k1 keys sign on the link, as Sui personal messages of their UTF-8 bytes (coordinator.md 2 and 3). */

/** Texts to sign, one per kind; each argument stands in the text exactly as given. */
export const signedTexts = {
  bind: (p: { nodeId: string; livenessAddress: string; walletAddress: string }) =>
    `node-link:bind:${p.nodeId}:${p.livenessAddress}:${p.walletAddress}`,
  challenge: (p: { coordinatorId: string; nonce: string; ts: number }) => `node-link:challenge:${p.coordinatorId}:${p.nonce}:${p.ts}`,
  hello: (p: { coordinatorId: string; nodeId: string; nonce: string; ts: number }) =>
    `node-link:hello:${p.coordinatorId}:${p.nodeId}:${p.nonce}:${p.ts}`,
  heartbeat: (p: { sessionId: string; nodeId: string; seq: number; ts: number; state: string }) =>
    `node-link:heartbeat:${p.sessionId}:${p.nodeId}:${p.seq}:${p.ts}:${p.state}`,
  /** No session and no time in it, so that a resend is identical. */
  result: (p: { nodeId: string; taskId: string; stackSmallId: number; computeUnits: number; poe: string; entry: string }) =>
    `node-link:result:${p.nodeId}:${p.taskId}:${p.stackSmallId}:${p.computeUnits}:${p.poe}:${p.entry}`,
  failure: (p: { sessionId: string; nodeId: string; taskId: string; code: string; ts: number }) =>
    `node-link:failure:${p.sessionId}:${p.nodeId}:${p.taskId}:${p.code}:${p.ts}`,
  /** The node's receipt: kept until the stack is claimed. */
  ack: (p: { coordinatorId: string; nodeId: string; taskId: string; status: string; entryIndex: number | null }) =>
    `node-link:ack:${p.coordinatorId}:${p.nodeId}:${p.taskId}:${p.status}:${p.entryIndex ?? '-'}`,
  history: (p: { sessionId: string; nodeId: string; stackSmallId: number; after: number }) =>
    `node-link:history:${p.sessionId}:${p.nodeId}:${p.stackSmallId}:${p.after}`,
} as const;
