/** Digests and fresh ids as the platform derives them: BLAKE2b-256 over a domain name and bytes (Sui's `default_hash`, `derive_id`). */
import { blake2b } from '@noble/hashes/blake2.js';
import { fromBase58, normalizeSuiAddress, toBase58, toHex } from '@mysten/sui/utils';

const encoder = new TextEncoder();

const hash = (...parts: readonly Uint8Array[]): Uint8Array => {
  const state = blake2b.create({ dkLen: 32 });
  for (const part of parts) state.update(part);
  return state.digest();
};

/** Base58 digest of a value's BCS bytes under its type name, for example `TransactionEffects`. */
export const digestOf = (domain: string, bytes: Uint8Array): string =>
  toBase58(hash(encoder.encode(`${domain}::`), bytes));

/** Id of the `counter`-th object created by a transaction. */
export const freshId = (transactionDigest: string, counter: bigint): string => {
  const suffix = new Uint8Array(8);
  new DataView(suffix.buffer).setBigUint64(0, counter, true);
  return normalizeSuiAddress(toHex(hash(new Uint8Array([0xf1]), fromBase58(transactionDigest), suffix)));
};
