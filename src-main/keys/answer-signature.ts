/** Signs an answer of the node's own ingress: the operator key over the hash of a JSON object, without Sui's intent (protocol.md 7.5). */
import { toSerializedSignature } from '@mysten/sui/cryptography';
import type { Secp256k1Keypair } from '@mysten/sui/keypairs/secp256k1';
import { AppError } from '../../src-shared/errors.ts';
import { blake2b256 } from '../../src-shared/link/proof.ts';

/**
 * Hash and signature of a JSON object's text, in base64. The same key signs transactions as the hash of bytes that begin with their intent, which is zero;
 * the text of an object begins with a brace, so no answer can ever be taken for a transaction.
 * @throws AppError bug.unexpected for a text that is no JSON object
 */
export async function signAnswer(json: string, operator: Secp256k1Keypair): Promise<{ hash: string; signature: string }> {
  if (!json.startsWith('{')) throw new AppError('bug.unexpected', { stage: 'signAnswer' });
  const hash = blake2b256(new TextEncoder().encode(json));
  const signature = toSerializedSignature({ signature: await operator.sign(hash), signatureScheme: operator.getKeyScheme(), publicKey: operator.getPublicKey() });
  return { hash: Buffer.from(hash).toString('base64'), signature };
}
