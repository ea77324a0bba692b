/** The cases of a commitments file: entries, root, leaves and committed proofs (coordinator.md 6; protocol.md 6.3 and 6.4). */
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import { z } from 'zod';
import { committedProof, merkleRoot, stackEntry, stackLeaf } from '../../src-shared/link/proof.ts';
import { commitmentRequests, expectedEntries } from '../../src-shared/vectors/commitment-requests.ts';
import { equal, type Case } from './cases.ts';

const hex = z.string();
const caseSchema = z.object({
  requests: z.union([z.array(z.object({ body: z.string(), response: z.string() })).min(1), z.object({ generated_by: z.string(), count: z.number().int().min(1).max(1_000_000) })]),
  entries: z.union([z.array(hex), z.strictObject({ first: hex, last: hex })]),
  root: hex,
  leaves: z.array(hex),
  committed_proof_by_extra_nodes: z.record(z.string().regex(/^\d+$/), hex),
});

/** What tells the format by its content. */
export const commitmentsSchema = z.strictObject({ note: z.string().optional(), cases: z.array(caseSchema).min(1) });

/** All cases of one file. */
export function commitmentCases(file: z.infer<typeof commitmentsSchema>): Case[] {
  return file.cases.flatMap((value, index) => {
    // Lazily and once: a case that cannot be expanded fails as a case, not as the whole file.
    let cached: Uint8Array[] | null = null;
    const entries = (): Uint8Array[] => (cached ??= commitmentRequests(value.requests).map(({ body, response }) => stackEntry(body, utf8ToBytes(response))));
    const count = Array.isArray(value.requests) ? value.requests.length : value.requests.count;
    const at = `commitments[${index}]`;
    return [
      equal(`${at} number of entries`, () => (Array.isArray(value.entries) ? value.entries.length : entries().length), count),
      ...[...expectedEntries(value.entries, count)].map(([position, entry]) => equal(`${at} entry ${position}`, () => bytesToHex(entries()[position] ?? new Uint8Array()), entry)),
      equal(`${at} root`, () => bytesToHex(merkleRoot(entries())), value.root),
      ...value.leaves.map((leaf, position) => equal(`${at} leaf ${position}`, () => bytesToHex(stackLeaf(position, merkleRoot(entries()))), leaf)),
      ...Object.entries(value.committed_proof_by_extra_nodes).map(([extra, proof]) =>
        equal(`${at} committed proof for ${extra} extra nodes`, () => bytesToHex(committedProof(merkleRoot(entries()), Number(extra))), proof),
      ),
    ];
  });
}
