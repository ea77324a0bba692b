/** Checks that a transaction is signed by its sender and, where another pays, by the gas owner (Sui signature rules). */
import { verifyTransactionSignature } from '@mysten/sui/verify';
import type { TransactionV1 } from './transaction-data.ts';

/** Why the signatures are refused, or null. `signatures` are serialized Sui signatures in base64. */
export const signatureProblem = async (
  bytes: Uint8Array,
  data: TransactionV1,
  signatures: readonly string[],
): Promise<string | null> => {
  const needed = new Set([data.sender, data.gasData.owner]);
  if (signatures.length !== needed.size) return `Expect ${needed.size} signer signatures but got ${signatures.length}`;
  for (const signature of signatures) {
    try {
      const signer = (await verifyTransactionSignature(bytes, signature)).toSuiAddress();
      if (!needed.delete(signer)) {
        const absent = [...needed].join(', ');
        return `Invalid user signature: Required Signature from ${absent} is absent [${signer}]`;
      }
    } catch {
      return 'Invalid user signature: it does not verify';
    }
  }
  return null;
};
