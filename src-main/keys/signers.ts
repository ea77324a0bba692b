/** The unlocked keys as functions: each signs or opens one kind of thing, none gives a key out (coordinator.md 1). */
import { toSerializedSignature } from '@mysten/sui/cryptography';
import { AppError } from '../../src-shared/errors.ts';
import { blake2b256 } from '../../src-shared/link/proof.ts';
import { signedTexts } from '../../src-shared/link/signed-texts.ts';
import { createConfidentialKey, type ConfidentialKey } from './confidential-key.ts';
import { createEnvelopeOpener } from './envelope-opener.ts';
import { identityOf, rsaPrivateKey, type KeyMaterial } from './key-material.ts';
import { createLocalSeal } from './local-seal.ts';
import { signManifest } from './manifest-signature.ts';
import { keypairOf } from './operator-key.ts';
import type { Signers } from './vault.ts';

/** First byte of what `deflateSync` writes. */
const zlibHeader = 0x78;

/** Builds the signers; `confidential` is a key that lives on. The keys live in closures only, so that no inspection of the result shows one. */
export async function createSigners(material: KeyMaterial, confidential: ConfidentialKey = createConfidentialKey()): Promise<Signers> {
  const identity = identityOf(material);
  const operator = keypairOf(material.operator);
  const liveness = keypairOf(material.liveness);
  const rsa = rsaPrivateKey(material.rsa);
  const local = createLocalSeal(material.rsa, identity.nodeId);
  const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);
  const signHash = async (hash: Uint8Array): Promise<string> => toSerializedSignature({ signature: await operator.sign(hash), signatureScheme: operator.getKeyScheme(), publicKey: operator.getPublicKey() });
  return {
    identity,
    signTransaction: async (bytes) => (await operator.signTransaction(bytes)).signature,
    signLiveness: async (text) => (await liveness.signPersonalMessage(utf8(text))).signature,
    walletBinding: async () => (await operator.signPersonalMessage(utf8(signedTexts.bind(identity)))).signature,
    signManifest: (manifest) => signManifest(manifest, rsa),
    confidential,
    openEnvelope: createEnvelopeOpener(material.rsa, identity.nodeId),
    signJson: async (json) => {
      if (!json.startsWith('{')) throw new AppError('bug.unexpected', { detail: 'not a JSON object' });
      const hash = blake2b256(utf8(json));
      return { hash: Buffer.from(hash).toString('base64'), signature: await signHash(hash) };
    },
    signEvidence: async (nodeSmallId, compressed) => {
      if (nodeSmallId <= 0n || compressed[0] !== zlibHeader) throw new AppError('bug.unexpected', { detail: 'not the evidence of a node' });
      const bytes = Buffer.alloc(8 + compressed.length, 0);
      bytes.writeBigInt64LE(nodeSmallId);
      bytes.set(compressed, 8);
      return signHash(blake2b256(bytes));
    },
    sealLocal: async (bytes) => local.seal(bytes),
    openLocal: async (sealed) => local.open(sealed),
  };
}
