/** Transaction data in the SDK's BCS shapes, and decoding them from bytes (protocol.md 1.3; Sui TransactionData V1). */
import { bcs } from '@mysten/sui/bcs';

type Data = typeof bcs.TransactionData.$inferType;
/** Version 1 of the transaction data, the only one. */
export type TransactionV1 = NonNullable<Data['V1']>;
/** Inputs and commands. */
export type Programmable = NonNullable<TransactionV1['kind']['ProgrammableTransaction']>;
export type CallArg = Programmable['inputs'][number];
export type Command = Programmable['commands'][number];
export type MoveCall = NonNullable<Command['MoveCall']>;
export type Argument = MoveCall['arguments'][number];

/** A decoded transaction. */
export interface Decoded {
  readonly data: TransactionV1;
  readonly programmable: Programmable;
}

/** Decodes transaction bytes; null for anything that is not a programmable transaction in its exact form. */
export const decodeTransaction = (bytes: Uint8Array): Decoded | null => {
  try {
    const data = bcs.TransactionData.parse(bytes).V1;
    const programmable = data?.kind.ProgrammableTransaction;
    if (!data || !programmable) return null;
    // Bytes left over, or another encoding of the same thing, would break "same digest, same transaction".
    const again = bcs.TransactionData.serialize({ V1: data }).toBytes();
    return again.length === bytes.length && again.every((byte, i) => byte === bytes[i]) ? { data, programmable } : null;
  } catch {
    return null;
  }
};
