/** A buyer of confidential answers for tests, written from protocol.md 7.7 with Web Crypto alone: none of the node's own cipher is used. */
import { webcrypto } from 'node:crypto';
import { confidentialAnswerSchema } from '../../../src-shared/link/confidential.ts';
import { blake2b256 } from '../../../src-shared/link/proof.ts';

const { subtle } = webcrypto;
const base64 = (bytes: ArrayBuffer | Uint8Array): string => Buffer.from(bytes as Uint8Array).toString('base64');

/** A request ready to be sent, and the way to read each JSON of its answer. */
export type SealedRequest = { text: string; bodyHash: Uint8Array; open(answer: string): Promise<string> };

/** Seals a body to the key that a node announced (hex). */
export async function sealRequest({ body, nodePublicKey, stackSmallId }: { body: string; nodePublicKey: string; stackSmallId: bigint }): Promise<SealedRequest> {
  const pair = (await subtle.generateKey({ name: 'X25519' }, true, ['deriveBits'])) as webcrypto.CryptoKeyPair;
  const nodeKey = await subtle.importKey('raw', Buffer.from(nodePublicKey, 'hex'), { name: 'X25519' }, true, []);
  const salt = webcrypto.getRandomValues(new Uint8Array(16));
  const nonce = webcrypto.getRandomValues(new Uint8Array(12));
  const shared = await subtle.deriveBits({ name: 'X25519', public: nodeKey }, pair.privateKey, 256);
  const base = await subtle.importKey('raw', shared, 'HKDF', false, ['deriveKey']);
  const key = await subtle.deriveKey({ name: 'HKDF', hash: 'SHA-256', salt, info: new Uint8Array() }, base, { name: 'AES-GCM', length: 256 }, false, ['encrypt', 'decrypt']);
  const bytes = new TextEncoder().encode(body);
  const bodyHash = blake2b256(bytes);
  const text = JSON.stringify({
    ciphertext: base64(await subtle.encrypt({ name: 'AES-GCM', iv: nonce }, key, bytes)),
    stack_small_id: Number(stackSmallId),
    nonce: base64(nonce),
    salt: base64(salt),
    client_dh_public_key: base64(await subtle.exportKey('raw', pair.publicKey)),
    node_dh_public_key: base64(Buffer.from(nodePublicKey, 'hex')),
    plaintext_body_hash: base64(bodyHash),
    model_name: 'sandbox/tiny-chat',
  });
  return {
    text,
    bodyHash,
    open: async (answer) => {
      const sealed = confidentialAnswerSchema.parse(JSON.parse(answer));
      return new TextDecoder().decode(await subtle.decrypt({ name: 'AES-GCM', iv: Buffer.from(sealed.nonce, 'base64') }, key, Buffer.from(sealed.ciphertext, 'base64')));
    },
  };
}
