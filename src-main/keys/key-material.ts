/** The three private keys of a node, how they are made, and the identity that follows from them (coordinator.md 1). */
import { createHash, createPrivateKey, createPublicKey, generateKeyPair, type KeyObject } from 'node:crypto';
import { promisify } from 'node:util';
import { Secp256k1Keypair } from '@mysten/sui/keypairs/secp256k1';
import { keypairOf } from './operator-key.ts';
import { createSecret, type Secret } from './secret.ts';
import type { NodeIdentity } from './vault.ts';

/** The keys that make a node_id: replaceable, since the operator key binds whichever node_id it signs. */
export type NodeKeys = {
  /** `suiprivkey…` of the liveness key. */
  liveness: Secret<string>;
  /** PKCS#8 DER of the node RSA key. */
  rsa: Secret<Uint8Array>;
};

/** Everything the vault seals. */
export type KeyMaterial = NodeKeys & {
  /** `suiprivkey…` of the operator key; losing it loses the node. */
  operator: Secret<string>;
};

const generate = promisify(generateKeyPair);

/** A fresh liveness key: it is worth nothing and bound by the operator key, so that it can be replaced at any time. */
export const newLivenessKey = (): Secret<string> => createSecret(Secp256k1Keypair.generate().getSecretKey());

/** A fresh liveness key and a fresh RSA-3072 key with e = 65537. */
export async function newNodeKeys(): Promise<NodeKeys> {
  const { privateKey } = await generate('rsa', { modulusLength: 3072, publicExponent: 0x10001 });
  return {
    liveness: newLivenessKey(),
    rsa: createSecret(new Uint8Array(privateKey.export({ type: 'pkcs8', format: 'der' }))),
  };
}

/** The RSA private key as an object of the crypto library; it prints nothing of itself. */
export const rsaPrivateKey = (rsa: Secret<Uint8Array>): KeyObject => createPrivateKey({ key: Buffer.from(rsa.reveal()), format: 'der', type: 'pkcs8' });

/** Public side of the keys. node_id = `0x` + hex of SHA-256 over the DER SubjectPublicKeyInfo. */
export function identityOf(material: KeyMaterial): NodeIdentity {
  const publicKey = createPublicKey(rsaPrivateKey(material.rsa));
  return {
    nodeId: nodeIdOf(publicKey),
    walletAddress: keypairOf(material.operator).toSuiAddress(),
    livenessAddress: keypairOf(material.liveness).toSuiAddress(),
    publicKeyPem: publicKey.export({ type: 'spki', format: 'pem' }).toString(),
  };
}

/** node_id of a public RSA key. */
export const nodeIdOf = (publicKey: KeyObject): string =>
  `0x${createHash('sha256').update(publicKey.export({ type: 'spki', format: 'der' })).digest('hex')}`;
