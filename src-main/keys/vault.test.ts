/** The vault on a real disk: round trips, every refusal, restore, and that no key shows anywhere. */
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { decodeSuiPrivateKey, parseSerializedSignature } from '@mysten/sui/cryptography';
import { Ed25519Keypair } from '@mysten/sui/keypairs/ed25519';
import { Secp256k1Keypair } from '@mysten/sui/keypairs/secp256k1';
import { publicKeyFromRawBytes, verifyPersonalMessageSignature, verifyTransactionSignature } from '@mysten/sui/verify';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AppError, type ErrorCode } from '../../src-shared/errors.ts';
import { sealForNode } from '../../src-shared/link/envelope.ts';
import { blake2b256 } from '../../src-shared/link/proof.ts';
import { signedTexts } from '../../src-shared/link/signed-texts.ts';
import { createLogger, silentLogger } from '../log/logger.ts';
import { beginVaultKey } from './begin-key.ts';
import { createVault } from './create-vault.ts';
import { verifyManifest } from './manifest-signature.ts';
import { createMemoryKeychain, type MemoryKeychain } from './memory-keychain.ts';
import { createSecret } from './secret.ts';
import type { Vault } from './vault.ts';

const passphrase = 'correct horse battery';
const taskId = '01M7XPG0PVERF7HENE4K5HTVH9';
const scryptCost = 2 ** 10;
let dataDir = '';
let keychain: MemoryKeychain;
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'vault-'));
  keychain = createMemoryKeychain();
});
afterEach(() => rmSync(dataDir, { recursive: true, force: true }));

type Settings = { keychain?: MemoryKeychain | null; expectsKey?: boolean };
const open = (settings: Settings = {}): Vault =>
  createVault({ dataDir, keychain: settings.keychain === undefined ? keychain : settings.keychain, expectsKey: settings.expectsKey ?? false, scryptCost }, { log: silentLogger, now: () => 7 });
const file = (): string => join(dataDir, 'keys', 'vault.json');
const codeOf = async (act: () => unknown): Promise<ErrorCode | 'none'> => {
  try {
    await act();
    return 'none';
  } catch (error) {
    if (error instanceof AppError) return error.code;
    throw error;
  }
};
/** A vault that exists, unlocked, and its phrase. */
const created = async (settings: Settings & { passphrase?: string } = {}): Promise<{ vault: Vault; phrase: string }> => {
  const vault = open(settings);
  const { phrase } = await vault.create(settings.passphrase === undefined ? {} : { passphrase: settings.passphrase });
  await vault.confirmBackup(phrase);
  return { vault, phrase };
};

describe('creating', () => {
  it('writes nothing before the phrase is re-entered, then one file of mode 0600 in 0700', async () => {
    const vault = open();
    const { phrase } = await vault.create({});
    expect(phrase.split(' ')).toHaveLength(24);
    expect(readdirSync(dataDir)).toEqual([]);
    expect(await codeOf(() => vault.confirmBackup(phrase.replace(/^\w+/, 'zoo')))).toBe('keys.phrase_mismatch');
    expect(vault.status()).toMatchObject({ exists: false, unlocked: false, backupConfirmed: false, identity: null });
    await vault.confirmBackup(`  ${phrase.toUpperCase().replaceAll(' ', '\n ')} `);
    expect(vault.status()).toMatchObject({ exists: true, unlocked: true, backupConfirmed: true, store: { kind: 'keychain', name: 'Memory' } });
    expect([statSync(file()).mode & 0o777, statSync(join(dataDir, 'keys')).mode & 0o777]).toEqual([0o600, 0o700]);
    expect(readdirSync(join(dataDir, 'keys'))).toEqual(['vault.json']);
    expect(vault.signers().identity.walletAddress).toBe(Secp256k1Keypair.deriveKeypair(phrase).toSuiAddress());
  });

  it.each<[string, Settings & { passphrase?: string }, ErrorCode]>([
    ['a registration is known', { expectsKey: true }, 'keys.missing'],
    ['nine characters', { passphrase: '123456789' }, 'keys.weak_passphrase'],
    ['neither keychain nor passphrase', { keychain: null }, 'keys.keychain_unavailable'],
  ])('is refused: %s', async (_, settings, code) => {
    expect(await codeOf(() => open(settings).create(settings.passphrase === undefined ? {} : { passphrase: settings.passphrase }))).toBe(code);
    expect(readdirSync(dataDir)).toEqual([]);
  });

  it('is refused by a keychain that does not answer, and where a vault exists', async () => {
    keychain.setAvailable(false);
    expect(await codeOf(() => open().create({}))).toBe('keys.keychain_unavailable');
    keychain.setAvailable(true);
    const { vault } = await created();
    expect(await codeOf(() => vault.create({}))).toBe('keys.exists');
    expect(await codeOf(() => vault.importOperator({ secret: Secp256k1Keypair.generate().getSecretKey() }))).toBe('keys.exists');
  });

  it('has nothing to confirm without a creation, and lets one of two imports win', async () => {
    const vault = open();
    expect(await codeOf(() => vault.confirmBackup('zoo'))).toBe('keys.not_created');
    const secrets = [Secp256k1Keypair.generate(), Secp256k1Keypair.generate()];
    const codes = await Promise.all(secrets.map((key) => codeOf(() => vault.importOperator({ secret: key.getSecretKey() }))));
    expect(codes).toEqual(['none', 'keys.exists']);
    expect(vault.signers().identity.walletAddress).toBe(secrets[0]?.toSuiAddress());
  });
});

describe('importing', () => {
  it('takes 24 words at the Sui path and a suiprivkey to the same wallet', async () => {
    const { phrase, vault } = await created();
    const wallet = vault.signers().identity.walletAddress;
    for (const secret of [phrase, Secp256k1Keypair.deriveKeypair(phrase).getSecretKey()]) {
      const other = createVault({ dataDir: mkdtempSync(join(dataDir, 'd-')), keychain, expectsKey: true, scryptCost }, { log: silentLogger, now: () => 7 });
      await other.importOperator({ secret });
      expect(other.signers().identity.walletAddress).toBe(wallet);
      expect(other.signers().identity.nodeId).not.toBe(vault.signers().identity.nodeId);
    }
  });

  it.each<[string, string, ErrorCode]>([
    ['twelve words', `${'abandon '.repeat(11)}about`, 'keys.bad_phrase'],
    ['24 words with a wrong checksum', `${'abandon '.repeat(23)}abandon`, 'keys.bad_phrase'],
    ['an ed25519 key', new Ed25519Keypair().getSecretKey(), 'keys.bad_secret'],
    ['no secret at all', 'hello', 'keys.bad_secret'],
    ['a damaged suiprivkey', 'suiprivkey1qy4m7fdrldgu9ewxah606922ng3c2jtrpxfwaa4s34v9tu28tgxku6wnztx', 'keys.bad_secret'],
  ])('refuses %s', async (_, secret, code) => {
    const error = await open().importOperator({ secret }).catch((caught: unknown) => caught);
    expect(error).toMatchObject({ code });
    expect(inspect(error, { depth: 9 })).not.toContain(secret);
    expect(readdirSync(dataDir)).toEqual([]);
  });
});

describe('unlocking', () => {
  it('opens the same keys from the keychain after a restart', async () => {
    const { vault } = await created();
    const again = open({ expectsKey: true });
    expect(again.status()).toMatchObject({ exists: true, unlocked: false, identity: vault.signers().identity });
    expect(await codeOf(() => again.signers())).toBe('keys.locked');
    await again.unlock();
    expect(again.signers().identity).toEqual(vault.signers().identity);
    expect(await again.prove()).toBe(true);
    expect(await again.verifyPassphrase(passphrase)).toBe(false);
    again.lock();
    expect(await codeOf(() => again.signers())).toBe('keys.locked');
  });

  it('opens under the passphrase alone, however it is composed', async () => {
    const { vault } = await created({ keychain: null, passphrase: 'káva s mlékem' });
    const again = open({ keychain: null });
    expect(again.status().store).toEqual({ kind: 'passphrase', name: 'sealed file' });
    expect(await codeOf(() => again.unlock())).toBe('keys.locked');
    expect(await codeOf(() => again.unlock('káva s cukrem'))).toBe('keys.wrong_passphrase');
    await again.unlock('káva s mlékem'.normalize('NFD'));
    expect(again.signers().identity).toEqual(vault.signers().identity);
    expect([await again.verifyPassphrase('káva s mlékem'), await again.verifyPassphrase('wrong one here')]).toEqual([true, false]);
    expect([await again.prove('káva s mlékem'), await again.prove('wrong one here')]).toEqual([true, false]);
    expect(await codeOf(() => again.prove())).toBe('keys.locked');
  });

  it('never makes a key where one is expected', async () => {
    expect(await codeOf(() => open().unlock())).toBe('keys.not_created');
    const vault = open({ expectsKey: true });
    expect(await codeOf(() => vault.unlock())).toBe('keys.missing');
    expect(await codeOf(() => vault.signers())).toBe('keys.missing');
    expect(readdirSync(dataDir)).toEqual([]);
  });

  it('tells a missing keychain from a missing entry', async () => {
    await created();
    keychain.setAvailable(false);
    expect(await codeOf(() => open().unlock())).toBe('keys.keychain_unavailable');
    expect(await codeOf(() => open({ keychain: null }).unlock())).toBe('keys.keychain_unavailable');
    keychain.setAvailable(true);
    keychain.clear();
    expect(await codeOf(() => open().unlock())).toBe('keys.keychain_key_missing');
  });

  it.each<[string, (text: string) => string]>([
    ['cut short', (text) => text.slice(0, -40)],
    ['not JSON', () => 'hello'],
    ['a changed byte of the seal', (text) => text.replace(/"sealed": "(.)/, (_, first: string) => `"sealed": "${first === 'A' ? 'B' : 'A'}`)],
    ['a changed header', (text) => text.replace('"backupConfirmed": true', '"backupConfirmed": false')],
    ['another version', (text) => text.replace('"version": 1', '"version": 2')],
  ])('tells a damaged file: %s', async (_, damage) => {
    await created({ passphrase });
    const damaged = damage(readFileSync(file(), 'utf8'));
    expect(damaged).not.toBe(readFileSync(file(), 'utf8'));
    writeFileSync(file(), damaged);
    const vault = open();
    expect(vault.status()).toMatchObject({ exists: true, unlocked: false, identity: null });
    expect(await codeOf(() => vault.unlock(passphrase))).toBe('keys.damaged');
    expect(await codeOf(() => vault.create({}))).toBe('keys.exists');
  });

  it('authenticates the header, so that a forged identity with a right sum does not open', async () => {
    await created({ passphrase });
    const { createHash } = await import('node:crypto');
    const { canonicalJson } = await import('../platform/canonical-json.ts');
    const forged = JSON.parse(readFileSync(file(), 'utf8')) as { header: { identity: { walletAddress: string } }; nonce: string; sealed: string };
    forged.header.identity.walletAddress = `0x${'0'.repeat(64)}`;
    const { header, nonce, sealed } = forged;
    writeFileSync(file(), JSON.stringify({ header, nonce, sealed, sum: createHash('sha256').update(canonicalJson({ header, nonce, sealed })).digest('hex') }));
    expect(await codeOf(() => open().unlock(passphrase))).toBe('keys.wrong_passphrase');
  });

  it.runIf(process.platform !== 'win32').each<[string, () => void, RegExp]>([
    ['folder', () => chmodSync(join(dataDir, 'keys'), 0o750), /^chmod 700 '.*keys'$/],
    ['file', () => chmodSync(file(), 0o644), /^chmod 600 '.*vault\.json'$/],
  ])('refuses a %s that others can read, with the command that mends it', async (_, widen, command) => {
    await created();
    widen();
    try {
      open();
      expect.unreachable();
    } catch (error) {
      expect(error).toMatchObject({ code: 'keys.too_open', fields: { command: expect.stringMatching(command) as string } });
    }
  });
});

describe('a key that was begun', () => {
  it('opens the vault it was begun for, and no other passphrase does', async () => {
    const { vault } = await created({ keychain: null, passphrase });
    const again = open({ keychain: null });
    await again.unlock(passphrase, beginVaultKey(dataDir, passphrase) ?? undefined);
    expect(again.signers().identity).toEqual(vault.signers().identity);
    const begunWrong = beginVaultKey(dataDir, 'another passphrase') ?? undefined;
    expect(begunWrong).toBeDefined();
    expect(await codeOf(() => open({ keychain: null }).unlock('another passphrase', begunWrong))).toBe('keys.wrong_passphrase');
  });

  it('is passed over where the file has been sealed anew since', async () => {
    await created({ keychain: null, passphrase });
    const begun = beginVaultKey(dataDir, passphrase) ?? undefined;
    rmSync(join(dataDir, 'keys'), { recursive: true });
    const { vault } = await created({ keychain: null, passphrase });
    const again = open({ keychain: null });
    await again.unlock(passphrase, begun);
    expect(again.signers().identity).toEqual(vault.signers().identity);
  });

  it('is not begun without a vault, nor for one under the keychain', async () => {
    expect(beginVaultKey(dataDir, passphrase)).toBeNull();
    await created();
    expect(beginVaultKey(dataDir, passphrase)).toBeNull();
  });
});

describe('restoring', () => {
  it('brings back the same node from the phrase and the node-key backup, also what was sealed on disk', async () => {
    const { vault, phrase } = await created();
    const { identity } = vault.signers();
    const sealed = await vault.signers().sealLocal(Uint8Array.of(1, 2, 3));
    const backup = await vault.exportNodeKeys(passphrase);
    rmSync(join(dataDir, 'keys'), { recursive: true });
    const restored = open({ expectsKey: true });
    expect(await codeOf(() => restored.restore({ phrase, nodeKeys: backup, nodeKeysPassphrase: 'wrong one here' }))).toBe('keys.wrong_passphrase');
    expect(await codeOf(() => restored.restore({ phrase, nodeKeys: backup.slice(5), nodeKeysPassphrase: passphrase }))).toBe('keys.damaged');
    await restored.restore({ phrase, nodeKeys: backup, nodeKeysPassphrase: passphrase });
    expect(restored.signers().identity).toEqual(identity);
    expect(await restored.signers().openLocal(sealed)).toEqual(Uint8Array.of(1, 2, 3));
  });

  it('makes a new node_id for the same wallet without the backup, and rebinds it', async () => {
    const { vault, phrase } = await created();
    const old = vault.signers().identity;
    rmSync(join(dataDir, 'keys'), { recursive: true });
    const restored = open({ expectsKey: true });
    await restored.restore({ phrase, passphrase });
    const { identity, walletBinding } = restored.signers();
    expect(identity.walletAddress).toBe(old.walletAddress);
    expect(identity.nodeId).not.toBe(old.nodeId);
    const key = await verifyPersonalMessageSignature(new TextEncoder().encode(signedTexts.bind(identity)), await walletBinding());
    expect(key.toSuiAddress()).toBe(old.walletAddress);
  });

  it('replaces a vault that does not open, keeping the old file, and never one that is open or of another wallet', async () => {
    const { vault, phrase } = await created();
    expect(await codeOf(() => vault.restore({ phrase }))).toBe('keys.exists');
    keychain.clear();
    const again = open();
    expect(await codeOf(() => again.restore({ phrase: Secp256k1Keypair.generate().getSecretKey() }))).toBe('keys.other_wallet');
    await again.restore({ phrase });
    expect(readdirSync(join(dataDir, 'keys')).sort()).toEqual(['vault-replaced-7.json', 'vault.json']);
    await expect(open().unlock()).resolves.toBeUndefined();
  });

  it('refuses the backup of another wallet and a weak export passphrase', async () => {
    const { vault } = await created();
    const backup = await vault.exportNodeKeys(passphrase);
    expect(await codeOf(() => vault.exportNodeKeys('short'))).toBe('keys.weak_passphrase');
    const other = createVault({ dataDir: mkdtempSync(join(dataDir, 'd-')), keychain, expectsKey: false, scryptCost }, { log: silentLogger, now: () => 7 });
    const restore = { phrase: Secp256k1Keypair.generate().getSecretKey(), nodeKeys: backup, nodeKeysPassphrase: passphrase };
    expect(await codeOf(() => other.restore(restore))).toBe('keys.other_wallet');
  });
});

describe('rehearsing the backup', () => {
  it('says whether words and file bring this node back, open or locked, and changes nothing', async () => {
    const { vault, phrase } = await created();
    const nodeKeys = await vault.exportNodeKeys(passphrase);
    const before = readFileSync(file(), 'utf8');
    await vault.rehearse({ phrase: `  ${phrase.toUpperCase()} ` });
    vault.lock();
    await vault.rehearse({ phrase, nodeKeys, nodeKeysPassphrase: passphrase });
    const other = Secp256k1Keypair.generate().getSecretKey();
    const damaged = new TextEncoder().encode('{}');
    for (const [given, code] of [
      [{ phrase: other }, 'keys.rehearsal_failed'],
      [{ phrase: phrase.split(' ').slice(1).join(' ') }, 'keys.bad_phrase'],
      [{ phrase, nodeKeys, nodeKeysPassphrase: 'another passphrase' }, 'keys.wrong_passphrase'],
      [{ phrase, nodeKeys: damaged, nodeKeysPassphrase: passphrase }, 'keys.damaged'],
    ] as const) expect(await codeOf(() => vault.rehearse(given)), code).toBe(code);
    expect([readFileSync(file(), 'utf8'), vault.status().unlocked]).toEqual([before, false]);
    rmSync(join(dataDir, 'keys'), { recursive: true });
    expect(await codeOf(() => open().rehearse({ phrase }))).toBe('keys.not_created');
    const next = await created();
    expect(await codeOf(() => next.vault.rehearse({ phrase: next.phrase, nodeKeys, nodeKeysPassphrase: passphrase }))).toBe('keys.other_node');
  });
});

describe('replacing the liveness key', () => {
  it.each([['the keychain', undefined], ['a passphrase', passphrase]])('keeps node, wallet and what is sealed, also over a restart, under %s', async (_, sealedUnder) => {
    const { vault, phrase } = await created(sealedUnder === undefined ? {} : { passphrase: sealedUnder });
    const [old, oldBackup] = [vault.signers(), await vault.exportNodeKeys(passphrase)];
    const local = await old.sealLocal(Uint8Array.of(1, 2));
    if (sealedUnder !== undefined) {
      expect(await codeOf(() => vault.rotateLiveness('not the passphrase'))).toBe('keys.wrong_passphrase');
      expect(vault.signers().identity).toEqual(old.identity);
    }
    await vault.rotateLiveness(sealedUnder);
    const { identity, confidential, openLocal, signLiveness, walletBinding } = vault.signers();
    expect(identity).toEqual({ ...old.identity, livenessAddress: identity.livenessAddress });
    expect(identity.livenessAddress).not.toBe(old.identity.livenessAddress);
    expect(confidential).toBe(old.confidential);
    expect(await openLocal(local)).toEqual(Uint8Array.of(1, 2));
    expect((await verifyPersonalMessageSignature(new TextEncoder().encode('x'), await signLiveness('x'))).toSuiAddress()).toBe(identity.livenessAddress);
    expect((await verifyPersonalMessageSignature(new TextEncoder().encode(signedTexts.bind(identity)), await walletBinding())).toSuiAddress()).toBe(identity.walletAddress);
    const again = open();
    await again.unlock(sealedUnder);
    expect(again.signers().identity).toEqual(identity);
    expect(await codeOf(() => again.rehearse({ phrase, nodeKeys: oldBackup, nodeKeysPassphrase: passphrase }))).toBe('keys.old_backup');
    await again.rehearse({ phrase, nodeKeys: await again.exportNodeKeys(passphrase), nodeKeysPassphrase: passphrase });
  });

  it('is refused while the keys are locked', async () => {
    const { vault } = await created();
    vault.lock();
    expect(await codeOf(() => vault.rotateLiveness())).toBe('keys.locked');
  });
});

describe('signers', () => {
  it('sign what the network verifies', async () => {
    const { vault } = await created();
    const signers = vault.signers();
    const bytes = Uint8Array.from({ length: 80 }, (_, i) => i);
    const text = 'node-link:hello:a:b:c:1';
    expect((await verifyTransactionSignature(bytes, await signers.signTransaction(bytes))).toSuiAddress()).toBe(signers.identity.walletAddress);
    expect((await verifyPersonalMessageSignature(new TextEncoder().encode(text), await signers.signLiveness(text))).toSuiAddress()).toBe(signers.identity.livenessAddress);
    const manifest = { b: 1, a: [2], pubkey_rsa: signers.identity.publicKeyPem };
    const signature = await signers.signManifest(manifest);
    expect(verifyManifest({ signature, ...manifest })).toBe(true);
    expect(verifyManifest({ ...manifest, a: [3], signature } as never)).toBe(false);
    const compressed = Uint8Array.of(0x78, 0x9c, 1);
    const evidence = parseSerializedSignature(await signers.signEvidence(5n, compressed));
    if (evidence.signatureScheme !== 'Secp256k1') throw new Error(evidence.signatureScheme);
    expect(await publicKeyFromRawBytes('Secp256k1', evidence.publicKey).verify(blake2b256(Uint8Array.of(5, 0, 0, 0, 0, 0, 0, 0, ...compressed)), evidence.signature)).toBe(true);
    // Bytes that could be a transaction's are not signed as evidence.
    for (const [id, bytes] of [[0n, compressed], [5n, Uint8Array.of(0, 0, 0)]] as const) expect(await codeOf(() => signers.signEvidence(id, bytes))).toBe('bug.unexpected');
    expect(signature).toMatch(/^rsa\(0x[0-9a-f]{768}\)$/);
  });

  it('open only what is sealed to this node and task', async () => {
    const { vault } = await created();
    const { identity, openEnvelope, sealLocal, openLocal } = vault.signers();
    const sealed = await sealForNode({ v: 1, body: 'hello' }, { publicKeyPem: identity.publicKeyPem, nodeId: identity.nodeId, taskId });
    expect(JSON.parse(new TextDecoder().decode(await openEnvelope(sealed, taskId)))).toEqual({ v: 1, body: 'hello' });
    expect(await codeOf(() => openEnvelope(sealed, taskId.replace('1', '2')))).toBe('keys.decrypt_failed');
    expect(await codeOf(() => openEnvelope(`${sealed.slice(0, -4)}AAAA`, taskId))).toBe('keys.decrypt_failed');
    const otherNode = await sealForNode({ v: 1, body: 'x' }, { publicKeyPem: identity.publicKeyPem, nodeId: `0x${'1'.repeat(64)}`, taskId });
    expect(await codeOf(() => openEnvelope(otherNode, taskId))).toBe('keys.decrypt_failed');
    const local = await sealLocal(new Uint8Array(1000));
    local[500] = (local[500] ?? 0) ^ 1;
    expect(await codeOf(() => openLocal(local))).toBe('keys.decrypt_failed');
    expect(await codeOf(() => openLocal(new Uint8Array(3)))).toBe('keys.decrypt_failed');
  });
});

describe('secrecy', () => {
  it('shows no key in a log, an inspection, JSON or the file, whatever is done', async () => {
    const lines: string[] = [];
    const log = createLogger({ level: 'debug', write: (line) => lines.push(line), now: () => 1 });
    const own = (): Vault => createVault({ dataDir, keychain, expectsKey: false, scryptCost }, { log, now: () => 7 });
    const vault = own();
    const { phrase } = await vault.create({ passphrase });
    await vault.confirmBackup(phrase);
    const key = Secp256k1Keypair.deriveKeypair(phrase);
    const again = own();
    await again.unlock('not the passphrase').catch((error: unknown) => log.error('keys.unlock_failed', { error }));
    await again.unlock(passphrase);
    await vault.restore({ phrase }).catch((error: unknown) => log.error('keys.restore_failed', { error }));
    log.info('keys.dump', { vault, signers: vault.signers(), wrapped: createSecret(phrase), status: vault.status() });
    const backup = new TextDecoder().decode(await vault.exportNodeKeys(passphrase));
    const everything = [
      ...lines, readFileSync(file(), 'utf8'), backup,
      inspect(vault, { depth: 12, showHidden: true }), inspect(vault.signers(), { depth: 12, showHidden: true }), JSON.stringify([vault, vault.signers(), vault.status()]),
      inspect(createSecret(phrase)), JSON.stringify({ s: createSecret(phrase) }), String(createSecret(phrase)),
    ].join('\n');
    expect(lines.length).toBeGreaterThan(3);
    const rawHex = Buffer.from(decodeSuiPrivateKey(key.getSecretKey()).secretKey).toString('hex');
    const leaks = [phrase, phrase.split(' ').slice(0, 3).join(' '), passphrase, key.getSecretKey(), rawHex, Buffer.from(rawHex, 'hex').toString('base64'), 'PRIVATE KEY', 'suiprivkey'];
    expect(leaks.filter((leak) => everything.includes(leak))).toEqual([]);
    expect(everything).toContain('[redacted]');
  });
});
