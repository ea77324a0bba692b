/** Only a whole, untouched compact JWE with exactly the algorithms of coordinator.md 4, for this node and this task, is opened. */
import { createPublicKey, generateKeyPairSync } from 'node:crypto';
import fc from 'fast-check';
import { CompactEncrypt, compactDecrypt } from 'jose';
import { describe, expect, it } from 'vitest';
import { AppError } from '../../src-shared/errors.ts';
import { sealForNode } from '../../src-shared/link/envelope.ts';
import { createEnvelopeOpener } from './envelope-opener.ts';
import { nodeIdOf, rsaPrivateKey } from './key-material.ts';
import { createSecret } from './secret.ts';

const taskId = '01M7XPG0PVERF7HENE4K5HTVH9';
const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 3072 });
const secret = createSecret(new Uint8Array(privateKey.export({ type: 'pkcs8', format: 'der' })));
const publicKey = createPublicKey(privateKey);
const nodeId = nodeIdOf(publicKey);
const publicKeyPem = publicKey.export({ type: 'spki', format: 'pem' }).toString();
const open = createEnvelopeOpener(secret, nodeId);
const text = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);
const outcome = async (jwe: string): Promise<string> => {
  try {
    return text(await open(jwe, taskId));
  } catch (caught) {
    return caught instanceof AppError ? caught.code : 'not an AppError';
  }
};
const sealed = (header: Record<string, unknown>, key: unknown = publicKey): Promise<string> =>
  new CompactEncrypt(new TextEncoder().encode('hello')).setProtectedHeader(header as never).encrypt(key as never);
const header = { alg: 'RSA-OAEP-256', enc: 'A256GCM', kid: nodeId, tid: taskId };

describe('an envelope', () => {
  it('opens to what was sealed, as the library opens it', async () => {
    const jwe = await sealForNode({ v: 1, body: 'Grüße 🌍' }, { publicKeyPem, nodeId, taskId });
    const bytes = await open(jwe, taskId);
    expect(JSON.parse(text(bytes))).toEqual({ v: 1, body: 'Grüße 🌍' });
    expect(bytes).toEqual(new Uint8Array((await compactDecrypt(jwe, rsaPrivateKey(secret))).plaintext));
  });
  it('opens with other header fields beside', async () => expect(await outcome(await sealed({ ...header, cty: 'json' }))).toBe('hello'));
  it.each([
    ['another node', { ...header, kid: `0x${'0'.repeat(64)}` }],
    ['no node', { alg: header.alg, enc: header.enc, tid: taskId }],
    ['another task', { ...header, tid: taskId.replace('1', '2') }],
    ['OAEP with SHA-1', { ...header, alg: 'RSA-OAEP' }],
    ['another content algorithm', { ...header, enc: 'A128GCM' }],
  ])('is refused for %s', async (_name, change) => expect(await outcome(await sealed(change))).toBe('keys.decrypt_failed'));
  it('is refused when it was sealed to another key', async () => {
    const other = generateKeyPairSync('rsa', { modulusLength: 3072 });
    expect(await outcome(await sealed(header, other.publicKey))).toBe('keys.decrypt_failed');
  });
  it('is refused with a changed header, key, nonce, text or tag, or one part less or more', async () => {
    const jwe = await sealed(header);
    const parts = jwe.split('.');
    for (const [index, part] of parts.entries()) {
      const bytes = Buffer.from(part, 'base64url');
      bytes[bytes.length >> 1]! ^= 1;
      expect(await outcome(parts.with(index, bytes.toString('base64url')).join('.')), `part ${index}`).toBe('keys.decrypt_failed');
    }
    const shortTag = Buffer.from(parts[4]!, 'base64url').subarray(0, 12).toString('base64url');
    expect(await outcome(parts.with(4, shortTag).join('.'))).toBe('keys.decrypt_failed');
    expect(await outcome(parts.slice(0, 4).join('.'))).toBe('keys.decrypt_failed');
    expect(await outcome(`${jwe}.AAAA`)).toBe('keys.decrypt_failed');
  });
  it('is refused without a throw of anything else, whatever it is', async () => {
    const jwe = await sealed(header);
    await fc.assert(
      fc.asyncProperty(fc.oneof(fc.string(), fc.nat(jwe.length - 1).map((at) => `${jwe.slice(0, at)}${jwe.slice(at + 1)}`)), async (damaged) => {
        expect(await outcome(damaged)).toBe('keys.decrypt_failed');
      }),
      { numRuns: 60 },
    );
  });
});
