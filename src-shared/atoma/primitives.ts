/** BCS building blocks of the contract's layouts, parsed into bigint, number, string and Uint8Array (protocol.md 3, 4.1). */
import { bcs } from '@mysten/sui/bcs';
import type { BcsType } from '@mysten/sui/bcs';

/** `u64` as bigint: amounts and ids are never numbers. */
export const u64Layout = bcs.u64().transform({
  name: 'u64',
  input: (value: bigint) => value,
  output: (value) => BigInt(value),
});

/** A small id, a struct with the single field `inner: u64`; its bytes are those of the number. */
export const smallId = u64Layout;
/** Object id or address, 0x and 64 hex digits. */
export const address = bcs.Address.transform({
  name: 'address',
  input: (value: string) => value,
  output: (value) => value,
});
/** `vector<u8>`. */
export const bytes = bcs.byteVector().transform({
  name: 'vector<u8>',
  input: (value: Uint8Array) => value,
  output: (value): Uint8Array => new Uint8Array(value),
});
/** `Option<T>` as value or null. */
export const option = <T, I>(layout: BcsType<T, I>) =>
  bcs.option(layout).transform({ input: (value: I | null) => value, output: (value): T | null => value });
/** `Table`, `ObjectTable` and, flattened, `TableVec`: the UID under which the entries are filed, and how many there are. */
export const table = bcs.struct('Table', { id: address, size: u64Layout });
/** `u16` number. */
export const u16 = bcs.u16();
/** `u8` number. */
export const u8 = bcs.u8();
/** Boolean. */
export const bool = bcs.bool();
/** `ascii::String` and `string::String`. */
export const text = bcs.string();
