/** The node's confidential key against a buyer written from protocol.md 7.7 with Web Crypto alone, so that neither side can agree with itself on a mistake. */
import { webcrypto } from 'node:crypto';
import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { createConfidentialKey, type ConfidentialSealed } from './confidential-key.ts';

const { subtle } = webcrypto;
const bytes = (size: number): Uint8Array<ArrayBuffer> => webcrypto.getRandomValues(new Uint8Array(size));

/** X25519, HKDF-SHA256 with the salt and no info, AES-256-GCM. */
async function buyer(nodeKeyHex: string, salt = bytes(16)) {
  const pair = (await subtle.generateKey({ name: 'X25519' }, true, ['deriveBits'])) as webcrypto.CryptoKeyPair;
  const nodeKey = await subtle.importKey('raw', Buffer.from(nodeKeyHex, 'hex'), { name: 'X25519' }, true, []);
  const shared = await subtle.deriveBits({ name: 'X25519', public: nodeKey }, pair.privateKey, 256);
  const base = await subtle.importKey('raw', shared, 'HKDF', false, ['deriveKey']);
  const key = await subtle.deriveKey({ name: 'HKDF', hash: 'SHA-256', salt, info: new Uint8Array() }, base, { name: 'AES-GCM', length: 256 }, true, ['encrypt', 'decrypt']);
  return {
    seal: async (text: string): Promise<ConfidentialSealed> => {
      const nonce = bytes(12);
      return {
        clientPublicKey: new Uint8Array(await subtle.exportKey('raw', pair.publicKey)),
        salt,
        nonce,
        ciphertext: new Uint8Array(await subtle.encrypt({ name: 'AES-GCM', iv: nonce }, key, new TextEncoder().encode(text))),
      };
    },
    open: async ({ nonce, ciphertext }: { nonce: Uint8Array; ciphertext: Uint8Array }): Promise<string> =>
      new TextDecoder().decode(await subtle.decrypt({ name: 'AES-GCM', iv: new Uint8Array(nonce) }, key, new Uint8Array(ciphertext))),
  };
}

describe('the confidential key', () => {
  it('opens what a buyer sealed, and seals each piece of the answer under a nonce of its own', async () => {
    const key = createConfidentialKey();
    const alice = await buyer(key.rotate());
    const exchange = key.open(await alice.seal('{"prompt":"ü"}'));
    expect(new TextDecoder().decode(exchange.plaintext)).toBe('{"prompt":"ü"}');
    const pieces = ['one', 'two', ''].map((text) => exchange.seal(new TextEncoder().encode(text)));
    expect(await Promise.all(pieces.map((piece) => alice.open(piece)))).toEqual(['one', 'two', '']);
    expect(new Set(pieces.map(({ nonce }) => Buffer.from(nonce).toString('hex'))).size).toBe(3);
  });

  it('opens nothing before the first key, after a rotation, or once forgotten', async () => {
    const key = createConfidentialKey();
    expect(key.publicKey()).toBeNull();
    const first = key.rotate();
    const sealed = await (await buyer(first)).seal('x');
    const second = key.rotate();
    expect([key.publicKey(), second === first]).toEqual([second, false]);
    expect(() => key.open(sealed)).toThrow(expect.objectContaining({ code: 'keys.decrypt_failed' }));
    const later = await (await buyer(second)).seal('x');
    key.forget();
    expect(key.publicKey()).toBeNull();
    expect(() => key.open(later)).toThrow(expect.objectContaining({ code: 'keys.decrypt_failed' }));
  });

  it.each<[string, (sealed: ConfidentialSealed) => Partial<ConfidentialSealed>]>([
    ['a changed byte', ({ ciphertext }) => ({ ciphertext: ciphertext.with(0, ciphertext[0]! ^ 1) })],
    ['a changed tag', ({ ciphertext }) => ({ ciphertext: ciphertext.with(-1, ciphertext.at(-1)! ^ 1) })],
    ['a cut tag', ({ ciphertext }) => ({ ciphertext: ciphertext.subarray(0, -4) })],
    ['less than a tag', () => ({ ciphertext: bytes(15) })],
    ['another salt', () => ({ salt: bytes(16) })],
    ['a salt of another size', () => ({ salt: bytes(32) })],
    ['another nonce', () => ({ nonce: bytes(12) })],
    ['a nonce of another size', () => ({ nonce: bytes(16) })],
    ['another sender', () => ({ clientPublicKey: bytes(32) })],
    ['a key of low order', () => ({ clientPublicKey: new Uint8Array(32) })],
    ['a key of another size', () => ({ clientPublicKey: bytes(31) })],
  ])('refuses %s', async (_what, change) => {
    const key = createConfidentialKey();
    const sealed = await (await buyer(key.rotate())).seal('a request of some length');
    expect(() => key.open({ ...sealed, ...change(sealed) })).toThrow(expect.objectContaining({ code: 'keys.decrypt_failed' }));
  });

  it('shows nothing of the private key', async () => {
    const key = createConfidentialKey();
    const exchange = key.open(await (await buyer(key.rotate())).seal('secret words'));
    expect(inspect({ key, seal: exchange.seal }, { depth: 9, showHidden: true })).not.toMatch(/PrivateKey|privateKey|[0-9a-f]{64}/);
  });
});
