/** Proof of execution and the commitment of a stack, as hashes over bytes (coordinator.md 5 and 6, protocol.md 6.3 and 6.4). */
import { blake2b } from '@noble/hashes/blake2.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, concatBytes, hexToBytes, utf8ToBytes } from '@noble/hashes/utils.js';

/** BLAKE2b with 32 bytes of output, unkeyed: the hash of every commitment. */
export const blake2b256 = (bytes: Uint8Array): Uint8Array => blake2b(bytes, { dkLen: 32 });

/** Proof of execution: hex of SHA-256(utf8(task_id) ‖ result bytes ‖ node_id as 32 raw bytes), over the bytes that are returned. */
export function proofOfExecution(taskId: string, resultBytes: Uint8Array, nodeId: string): string {
  return bytesToHex(sha256(concatBytes(utf8ToBytes(taskId), resultBytes, hexToBytes(nodeId.slice(2)))));
}

/** Entry of one request: BLAKE2b-256(BLAKE2b-256(utf8(body)) ‖ BLAKE2b-256(answer before any sealing)), 32 bytes. */
export function stackEntry(body: string, answerBytes: Uint8Array): Uint8Array {
  return blake2b256(concatBytes(blake2b256(utf8ToBytes(body)), blake2b256(answerBytes)));
}

/**
 * Merkle root that grows entry by entry: holds only the roots of its complete subtrees, so appending is O(1) amortised and
 * memory is O(log n). A node without a right sibling moves up unchanged, hence the root is the fold of the peaks from the right.
 */
export type StackRoot = {
  /** Number of entries appended. */
  readonly count: number;
  /** Appends one 32-byte entry. */
  append(entry: Uint8Array): void;
  /** The root M; throws RangeError while there is no entry. */
  root(): Uint8Array;
  /** All there is to it, in at most 33 bytes per doubling of the count; {@link createStackRoot} goes on from there. */
  save(): Uint8Array;
};

type Peak = { height: number; hash: Uint8Array };
const savedPeakBytes = 33;
/** More entries than a safe integer counts cannot have been appended. */
const maxHeight = 52;

/** Peaks from the left as they were saved: a byte of height, 32 bytes of hash; each lower than the one before. */
function readPeaks(saved: Uint8Array): Peak[] {
  const peaks = Array.from({ length: Math.ceil(saved.length / savedPeakBytes) }, (_, index) => {
    const at = index * savedPeakBytes;
    return { height: saved[at] ?? 0, hash: saved.slice(at + 1, at + savedPeakBytes) };
  });
  const fits = peaks.every(({ height, hash }, index) => hash.length === 32 && height <= maxHeight && height < (peaks[index - 1]?.height ?? maxHeight + 1));
  if (!fits) throw new RangeError('these are not the peaks of a stack');
  return peaks;
}

/** Creates a {@link StackRoot}, empty or from what {@link StackRoot.save} gave; throws RangeError for anything else. */
export function createStackRoot(saved: Uint8Array = new Uint8Array()): StackRoot {
  const peaks = readPeaks(saved);
  let count = peaks.reduce((sum, { height }) => sum + 2 ** height, 0);
  return {
    get count() {
      return count;
    },
    append(entry) {
      if (entry.length !== 32) throw new RangeError('an entry has 32 bytes');
      let node = { height: 0, hash: entry };
      for (let last = peaks.at(-1); last !== undefined && last.height === node.height; last = peaks.at(-1)) {
        peaks.pop();
        node = { height: node.height + 1, hash: blake2b256(concatBytes(last.hash, node.hash)) };
      }
      peaks.push(node);
      count += 1;
    },
    root() {
      const last = peaks.at(-1);
      if (last === undefined) throw new RangeError('a stack without entries has no root');
      return peaks.slice(0, -1).reduceRight((right, peak) => blake2b256(concatBytes(peak.hash, right)), last.hash);
    },
    save: () => concatBytes(...peaks.map(({ height, hash }) => concatBytes(Uint8Array.of(height), hash))),
  };
}

/** Merkle root of all entries in their order. */
export function merkleRoot(entries: Iterable<Uint8Array>): Uint8Array {
  const tree = createStackRoot();
  for (const entry of entries) tree.append(entry);
  return tree.root();
}

/** Leaf for position i: BLAKE2b-256(byte i ‖ M); the selected node is position 0, attestor j is j + 1. */
export function stackLeaf(position: number, root: Uint8Array): Uint8Array {
  if (!Number.isInteger(position) || position < 0 || position > 255) throw new RangeError('a leaf position is one byte');
  return blake2b256(concatBytes(Uint8Array.of(position), root));
}

/** Committed proof for m extra nodes: BLAKE2b-256(ℓ₀ ‖ … ‖ ℓ_m), the rule at the end of protocol.md 6.4. */
export function committedProof(root: Uint8Array, extraNodes: number): Uint8Array {
  return blake2b256(concatBytes(...Array.from({ length: extraNodes + 1 }, (_, position) => stackLeaf(position, root))));
}

/** Seed of a sampled answer without one of its own: first 4 bytes, big-endian, of SHA-256(utf8(task_id)) AND 0x7fffffff (coordinator.md 4). */
export function seedOfTask(taskId: string): number {
  const [a = 0, b = 0, c = 0, d = 0] = sha256(utf8ToBytes(taskId));
  return ((a & 0x7f) << 24) | (b << 16) | (c << 8) | d;
}
