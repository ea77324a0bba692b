/** The added key wrap is the runtime's own to the byte, and jose seals and opens through it. */
import { CompactEncrypt, compactDecrypt, exportJWK, generateKeyPair, importJWK } from 'jose';
import { afterEach, describe, expect, it } from 'vitest';
import { ensureKeyWrap, hasKeyWrap } from './aes-key-wrap.ts';

const { subtle } = globalThis.crypto;
const bytes = (length: number): Uint8Array<ArrayBuffer> => Uint8Array.from({ length }, (_, i) => i * 7);
const kek = (usage: 'wrapKey' | 'unwrapKey') => subtle.importKey('raw', bytes(32), 'AES-KW', true, [usage]);
const hmac = { name: 'HMAC', hash: 'SHA-256' };
const refuse = () => Promise.reject(new Error('the operation failed'));

/** A WebCrypto like Electron's: it imports keys for AES-KW and then cannot wrap. */
function lacking(): Parameters<typeof hasKeyWrap>[0] {
  return { importKey: subtle.importKey.bind(subtle), exportKey: subtle.exportKey.bind(subtle), wrapKey: refuse, unwrapKey: refuse };
}

afterEach(() => {
  Reflect.deleteProperty(subtle, 'wrapKey');
  Reflect.deleteProperty(subtle, 'unwrapKey');
});

describe('AES key wrap', () => {
  it('wraps and unwraps as the runtime does', async () => {
    const poor = lacking();
    expect(await hasKeyWrap(poor)).toBe(false);
    await ensureKeyWrap(poor);
    const key = await subtle.importKey('raw', bytes(32), hmac, true, ['sign']);
    const wrapped = await poor.wrapKey('raw', key, await kek('wrapKey'), 'AES-KW');
    expect(Buffer.from(wrapped)).toEqual(Buffer.from(await subtle.wrapKey('raw', key, await kek('wrapKey'), 'AES-KW')));
    const back = await poor.unwrapKey('raw', wrapped, await kek('unwrapKey'), 'AES-KW', hmac, true, ['sign']);
    expect(Buffer.from(await subtle.exportKey('raw', back))).toEqual(Buffer.from(bytes(32)));
  });
  it('refuses a wrapped key that was changed', async () => {
    const poor = lacking();
    await ensureKeyWrap(poor);
    await expect(poor.unwrapKey('raw', bytes(40), await kek('unwrapKey'), 'AES-KW', hmac, true, ['sign'])).rejects.toThrow();
  });
  it('leaves a WebCrypto that can do it alone, and other algorithms always', async () => {
    await ensureKeyWrap(subtle);
    expect(Object.hasOwn(subtle, 'wrapKey')).toBe(false);
    const poor = lacking();
    await ensureKeyWrap(poor);
    await expect(poor.wrapKey('raw', await kek('wrapKey'), await kek('wrapKey'), 'RSA-OAEP')).rejects.toThrow('the operation failed');
  });
  it('carries jose through ECDH-ES+A256KW', async () => {
    Object.defineProperty(subtle, 'wrapKey', { value: refuse, configurable: true });
    Object.defineProperty(subtle, 'unwrapKey', { value: refuse, configurable: true });
    const pair = await generateKeyPair('ECDH-ES+A256KW', { crv: 'P-256', extractable: true });
    const publicKey = await importJWK(await exportJWK(pair.publicKey), 'ECDH-ES+A256KW');
    const seal = () => new CompactEncrypt(bytes(5)).setProtectedHeader({ alg: 'ECDH-ES+A256KW', enc: 'A256GCM' }).encrypt(publicKey);
    await expect(seal()).rejects.toThrow();
    await ensureKeyWrap(subtle);
    expect(Buffer.from((await compactDecrypt(await seal(), pair.privateKey)).plaintext)).toEqual(Buffer.from(bytes(5)));
  });
});
