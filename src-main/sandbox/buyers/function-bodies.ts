/** Functions that buyers have run (coordinator.md 4 and 6, wasm.run): a small module of the sandbox's own with another input each time. */
import type { RolePlan } from './role-bodies.ts';

/**
 * Reads up to 64 bytes and writes the four bytes of their FNV-1a hash, taken over them 100,000 times. Its text:
 * `(loop $rounds (i = 0) (loop $bytes (h = (h xor byte[i]) * 0x01000193) (br_if $bytes (++i < n))) (br_if $rounds (--round)))`.
 */
const module =
  'AGFzbQEAAAABDAJgBH9/f38Bf2AAAAJEAhZ3YXNpX3NuYXBzaG90X3ByZXZpZXcxB2ZkX3JlYWQAABZ3YXNpX3NuYXBzaG90X3ByZXZpZXcxCGZkX3dyaXRlAAADAgEBBQMBAAEHEwIGbWVtb3J5AgAGX3N0YXJ0AAIKiAEBhQEBBH9BAEHAADYCAEEEQcAANgIAQQBBAEEBQQgQABpBCCgCACEAQcW78oh4IQJBoI0GIQMDQEEAIQEDQCACIAEtAEBzQZODgAhsIQIgAUEBaiIBIABJDQALIANBAWsiAw0AC0GAASACNgIAQQBBgAE2AgBBBEEENgIAQQFBAEEBQQgQARoL';
const rounds = 100_000;
const instructionsPerByte = 14;
/** Around the loop over the bytes; and once, before and behind it all. */
const instructionsPerRound = 7;
const instructionsOnce = 1_000;
const instructionsPerUnit = 1_000_000;
const inputs = ['tea', 'a kite', 'map of Ada', 'three drums'] as const;

/** Units that an input of so many bytes may take. */
const unitsFor = (bytes: number): number => Math.ceil((rounds * (instructionsPerByte * bytes + instructionsPerRound) + instructionsOnce) / instructionsPerUnit);

/** What the module writes for an input. */
export function hashOf(input: string): Buffer {
  let hash = 0x811c9dc5;
  const bytes = Buffer.from(input);
  for (let round = 0; round < rounds; round += 1) for (const byte of bytes) hash = Math.imul(hash ^ byte, 0x01000193);
  const written = Buffer.alloc(4);
  written.writeInt32LE(hash | 0);
  return written;
}

/** Plans the n-th function on what a stack has left. */
export function planFunction({ number, unitsLeft, unitsLocked }: { number: number; unitsLeft: number; unitsLocked: number }): RolePlan {
  const input = inputs[number % inputs.length] as string;
  const maxComputeUnits = unitsFor(Buffer.byteLength(input));
  if (unitsLeft < maxComputeUnits) return { kind: unitsLocked > 0 ? 'wait' : 'spent' };
  return { kind: 'send', body: JSON.stringify({ module, args: [], stdin: Buffer.from(input).toString('base64') }), maxComputeUnits, stream: false };
}
