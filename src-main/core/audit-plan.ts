/** The self-audit before a sampling-consensus stack is settled: which entries are re-run, and whether the stack may be settled by itself (issue "The chain, whole", 4; protocol.md 5.8: a dispute freezes both sides). */
import { blake2b256 } from '../../src-shared/link/proof.ts';

/** What is known of one stack's audit. */
export type AuditRow = {
  readonly status: 'wanted' | 'passed' | 'failed' | 'overruled';
  /** Entries the stack had when it was audited. */
  readonly entries: number;
};

/** May the stack be settled by itself: yes; no, its audit comes first; or no, because it failed. */
export type AuditGate = 'open' | 'wanted' | 'failed';

/** A verdict holds for the entries it was made over; a request served since asks for a new one. The operator's word outlasts a difference, not new work. */
export function auditGate(row: AuditRow | null, entries: number): AuditGate {
  if (entries === 0) return 'open';
  if (row === null || row.status === 'wanted') return 'wanted';
  if (row.entries !== entries) return 'wanted';
  return row.status === 'failed' ? 'failed' : 'open';
}

const u64Bytes = (value: bigint): Uint8Array => Uint8Array.from({ length: 8 }, (_, index) => Number((value >> BigInt(8 * index)) & 0xffn));
const numberFrom = (hash: Uint8Array): number => hash.slice(0, 6).reduce((sum, byte) => sum * 256 + byte, 0);

/**
 * Indices to re-run, ascending: `size` of them, chosen by the stack's number alone, so that an audit that was interrupted goes on with the same ones.
 * @param entries how many there are
 */
export function auditSample(stackSmallId: bigint, entries: number, size: number): number[] {
  const chosen = new Set<number>();
  const wanted = Math.min(size, entries);
  // Floyd's choice: every subset of this size is as likely, in `size` steps however many entries there are.
  for (let upper = entries - wanted; upper < entries; upper += 1) {
    const seed = new Uint8Array([...u64Bytes(stackSmallId), ...u64Bytes(BigInt(upper))]);
    const index = numberFrom(blake2b256(seed)) % (upper + 1);
    chosen.add(chosen.has(index) ? upper : index);
  }
  return [...chosen].sort((a, b) => a - b);
}
