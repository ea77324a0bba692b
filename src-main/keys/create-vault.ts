/** The vault: makes, imports, seals, opens and restores the keys of one data folder (coordinator.md 1; issue rule: never a silent new key). */
import { randomBytes, randomUUID } from 'node:crypto';
import { AppError } from '../../src-shared/errors.ts';
import type { Logger } from '../log/logger.ts';
import { identityOf, newLivenessKey, newNodeKeys, type KeyMaterial, type NodeKeys } from './key-material.ts';
import { keypairOf, newPhrase, normalPhrase, readOperatorSecret } from './operator-key.ts';
import { createSecret, type Secret } from './secret.ts';
import { defaultScryptCost, keyFromPassphrase, newScryptWrap, openSealedFile, parseSealedFile, requireStrong, sealFile, type BegunKey, type SealedFile, type SealedHeader, type Wrap } from './sealed-file.ts';
import { createSigners } from './signers.ts';
import { openVaultFile, readMaterial, readNodeKeys, writeMaterial, writeNodeKeys, type StoredVault } from './vault-file.ts';
import type { Keychain, NodeIdentity, Signers, Vault } from './vault.ts';

const keychainService = 'Operator Console';
const sealedFileName = 'sealed file';

type Options = {
  /** The data folder; the vault lies in its `keys` folder. */
  dataDir: string;
  /** The OS keychain, or null where there is none: then a passphrase is needed. */
  keychain: Keychain | null;
  /** True when a registration of this node is known: then an absent vault is an error that offers restore, never a new key. */
  expectsKey: boolean;
  /** scrypt's N; lowered only by tests. */
  scryptCost?: number;
};
type Deps = { log: Logger; now: () => number };
type Opened = { material: KeyMaterial; signers: Signers };
type Pending = { material: KeyMaterial; phrase: Secret<string>; passphrase: Secret<string> | null };

/**
 * Opens the vault of a data folder, still locked; nothing is created.
 * @throws AppError keys.too_open when folder or file is open to others.
 */
export function createVault({ dataDir, keychain, expectsKey, scryptCost = defaultScryptCost }: Options, { log, now }: Deps): Vault {
  const disk = openVaultFile(dataDir);
  let stored: StoredVault = disk.read();
  let opened: Opened | null = null;
  let pending: Pending | null = null;

  /** One change at a time: two imports at once must not both find the vault absent. */
  let last: Promise<unknown> = Promise.resolve();
  const inTurn = <T>(act: () => Promise<T>): Promise<T> => {
    const run = last.then(act);
    last = run.catch(() => undefined); // the caller of `run` gets the error
    return run;
  };

  const requireAbsent = (): void => {
    if (stored.kind !== 'absent') throw new AppError('keys.exists');
  };
  const absentError = (): AppError => new AppError(expectsKey ? 'keys.missing' : 'keys.not_created');

  async function persist(material: KeyMaterial, passphrase: Secret<string> | null, event: string): Promise<void> {
    const signers = await createSigners(material);
    const { wrap, key } = await newWrappingKey(keychain, passphrase, scryptCost);
    const bytes = sealFile(headerOf('vault', wrap, signers.identity), writeMaterial(material), key);
    await disk.write(bytes, now());
    stored = disk.read();
    opened = { material, signers };
    pending = null;
    log.info(event, { nodeId: signers.identity.nodeId, walletAddress: signers.identity.walletAddress, store: wrap.kind });
  }

  return {
    status: () => ({
      exists: stored.kind !== 'absent',
      unlocked: opened !== null,
      store: storeOf(stored, keychain),
      backupConfirmed: stored.kind === 'sealed' && stored.file.header.backupConfirmed,
      identity: opened?.signers.identity ?? (stored.kind === 'sealed' ? stored.file.header.identity : null),
    }),

    create: ({ passphrase }) =>
      inTurn(async () => {
        requireAbsent();
        if (expectsKey) throw new AppError('keys.missing');
        await requireStore(keychain, passphrase);
        const phrase = newPhrase();
        const material = { operator: readOperatorSecret(phrase.reveal()), ...(await newNodeKeys()) };
        pending = { material, phrase, passphrase: secretOrNull(passphrase) };
        return { phrase: phrase.reveal() };
      }),

    confirmBackup: (typed) =>
      inTurn(async () => {
        if (pending === null) throw new AppError('keys.not_created');
        if (normalPhrase(typed) !== pending.phrase.reveal()) throw new AppError('keys.phrase_mismatch');
        requireAbsent();
        await persist(pending.material, pending.passphrase, 'keys.created');
      }),

    importOperator: ({ secret, passphrase }) =>
      inTurn(async () => {
        requireAbsent();
        await requireStore(keychain, passphrase);
        const operator = readOperatorSecret(secret);
        await persist({ operator, ...(await newNodeKeys()) }, secretOrNull(passphrase), 'keys.imported');
      }),

    unlock: (passphrase, begun) =>
      inTurn(async () => {
        if (opened !== null) return;
        if (stored.kind === 'absent') throw absentError();
        if (stored.kind === 'damaged') throw stored.error;
        const { file } = stored;
        const content = openSealedFile(file, await (keyBegunFor(file.header.wrap, begun) ?? wrappingKeyOf(file.header.wrap, keychain, passphrase)));
        if (content === null) throw new AppError(file.header.wrap.kind === 'scrypt' ? 'keys.wrong_passphrase' : 'keys.damaged');
        const material = readMaterial(content);
        opened = { material, signers: await createSigners(material) };
        log.info('keys.unlocked', { nodeId: opened.signers.identity.nodeId });
      }),

    lock() {
      opened = null;
      pending = null;
    },

    async verifyPassphrase(passphrase) {
      if (stored.kind !== 'sealed' || stored.file.header.wrap.kind !== 'scrypt') return false;
      return openSealedFile(stored.file, await keyFromPassphrase(passphrase, stored.file.header.wrap)) !== null;
    },

    async prove(passphrase) {
      if (stored.kind !== 'sealed') return false;
      return openSealedFile(stored.file, await wrappingKeyOf(stored.file.header.wrap, keychain, passphrase)) !== null;
    },

    async exportNodeKeys(passphrase) {
      if (opened === null) throw new AppError('keys.locked');
      const { material, signers } = opened;
      requireStrong(passphrase);
      const wrap = newScryptWrap(scryptCost);
      const header = headerOf('node-keys', wrap, signers.identity);
      return sealFile(header, writeNodeKeys(material), await keyFromPassphrase(passphrase, wrap));
    },

    async rehearse({ phrase, nodeKeys, nodeKeysPassphrase }) {
      if (stored.kind === 'absent') throw absentError();
      if (stored.kind === 'damaged') throw stored.error;
      const { identity } = stored.file.header;
      const found = keypairOf(readOperatorSecret(phrase)).toSuiAddress();
      if (found !== identity.walletAddress) throw new AppError('keys.rehearsal_failed', { found, expected: identity.walletAddress });
      if (nodeKeys !== undefined) requireSameNode((await openBackup(nodeKeys, nodeKeysPassphrase ?? '')).identity, identity);
    },

    rotateLiveness: (passphrase) =>
      inTurn(async () => {
        if (opened === null || stored.kind !== 'sealed') throw new AppError('keys.locked');
        const { wrap } = stored.file.header;
        const key = await wrappingKeyOf(wrap, keychain, passphrase);
        // Nothing is sealed under a key that does not open what is there.
        if (openSealedFile(stored.file, key) === null) throw new AppError(wrap.kind === 'scrypt' ? 'keys.wrong_passphrase' : 'keys.damaged');
        const material = { ...opened.material, liveness: newLivenessKey() };
        const signers = await createSigners(material, opened.signers.confidential);
        await disk.write(sealFile(headerOf('vault', wrap, signers.identity), writeMaterial(material), key), now());
        stored = disk.read();
        opened = { material, signers };
        log.info('keys.liveness_rotated', { nodeId: signers.identity.nodeId, livenessAddress: signers.identity.livenessAddress });
      }),

    restore: ({ phrase, nodeKeys, nodeKeysPassphrase, passphrase }) =>
      inTurn(async () => {
        if (opened !== null) throw new AppError('keys.exists');
        await requireStore(keychain, passphrase);
        const operator = readOperatorSecret(phrase);
        const kept = nodeKeys === undefined ? null : await openBackup(nodeKeys, nodeKeysPassphrase ?? '');
        const material = { operator, ...(kept?.keys ?? (await newNodeKeys())) };
        const { walletAddress } = identityOf(material);
        requireSameWallet(kept?.identity.walletAddress, walletAddress);
        requireSameWallet(stored.kind === 'sealed' ? stored.file.header.identity.walletAddress : undefined, walletAddress);
        await persist(material, secretOrNull(passphrase), kept === null ? 'keys.restored_new_node_id' : 'keys.restored');
      }),

    signers() {
      if (opened !== null) return opened.signers;
      throw stored.kind === 'absent' ? absentError() : new AppError('keys.locked');
    },
  };
}

const secretOrNull = (text: string | undefined): Secret<string> | null => (text === undefined ? null : createSecret(text));

const headerOf = (kind: SealedHeader['kind'], wrap: Wrap, identity: NodeIdentity): SealedHeader => ({
  format: 'operator-console-keys',
  version: 1,
  kind,
  wrap,
  identity,
  // A vault is written only after the re-entry of the phrase, or from a secret that the operator already keeps.
  backupConfirmed: true,
});

function storeOf(stored: StoredVault, keychain: Keychain | null): { kind: 'keychain' | 'passphrase'; name: string } {
  const underKeychain = stored.kind === 'sealed' ? stored.file.header.wrap.kind === 'keychain' : keychain !== null;
  return underKeychain ? { kind: 'keychain', name: keychain?.name ?? 'keychain' } : { kind: 'passphrase', name: sealedFileName };
}

/** Fails before any word is written down: a weak passphrase, or a keychain that does not answer. */
async function requireStore(keychain: Keychain | null, passphrase: string | undefined): Promise<void> {
  if (passphrase !== undefined) return requireStrong(passphrase);
  if (keychain === null) throw new AppError('keys.keychain_unavailable', { detail: 'this host uses none' });
  await keychain.getPassword(keychainService, 'probe');
}

async function newWrappingKey(keychain: Keychain | null, passphrase: Secret<string> | null, scryptCost: number): Promise<{ wrap: Wrap; key: Secret<Uint8Array> }> {
  if (passphrase !== null) {
    const wrap = newScryptWrap(scryptCost);
    return { wrap, key: await keyFromPassphrase(passphrase.reveal(), wrap) };
  }
  if (keychain === null) throw new AppError('keys.keychain_unavailable', { detail: 'this host uses none' });
  const wrap = { kind: 'keychain' as const, service: keychainService, account: `vault-${randomUUID()}` };
  const key = randomBytes(32);
  await keychain.setPassword(wrap.service, wrap.account, key.toString('base64'));
  // Read back before anything is sealed under it: a store that forgets at once must not cost the keys.
  if ((await keychain.getPassword(wrap.service, wrap.account)) !== key.toString('base64')) {
    throw new AppError('keys.keychain_unavailable', { detail: 'it did not keep the key' });
  }
  return { wrap, key: createSecret(new Uint8Array(key)) };
}

/** The begun key, where it is derived with this file's salt and cost; the file may have been written anew since. */
const keyBegunFor = (wrap: Wrap, begun?: BegunKey): Promise<Secret<Uint8Array>> | null =>
  wrap.kind === 'scrypt' && begun?.wrap.salt === wrap.salt && begun.wrap.N === wrap.N ? begun.key : null;

async function wrappingKeyOf(wrap: Wrap, keychain: Keychain | null, passphrase: string | undefined): Promise<Secret<Uint8Array>> {
  if (wrap.kind === 'scrypt') {
    if (passphrase === undefined) throw new AppError('keys.locked');
    return keyFromPassphrase(passphrase, wrap);
  }
  if (keychain === null) throw new AppError('keys.keychain_unavailable', { detail: 'this host uses none' });
  const found = await keychain.getPassword(wrap.service, wrap.account);
  const key = Buffer.from(found ?? '', 'base64');
  if (key.length !== 32) throw new AppError('keys.keychain_key_missing');
  return createSecret(new Uint8Array(key));
}

async function openBackup(bytes: Uint8Array, passphrase: string): Promise<{ keys: NodeKeys; identity: NodeIdentity }> {
  const file: SealedFile = parseSealedFile(bytes, 'node-keys');
  const { wrap, identity } = file.header;
  if (wrap.kind !== 'scrypt') throw new AppError('keys.damaged');
  const content = openSealedFile(file, await keyFromPassphrase(passphrase, wrap));
  if (content === null) throw new AppError('keys.wrong_passphrase');
  return { keys: readNodeKeys(content), identity };
}

/** A backup from before a rotation would bring the replaced key back. */
function requireSameNode(found: NodeIdentity, expected: NodeIdentity): void {
  if (found.nodeId !== expected.nodeId) throw new AppError('keys.other_node', { found: found.nodeId, expected: expected.nodeId });
  if (found.livenessAddress !== expected.livenessAddress) throw new AppError('keys.old_backup');
}

function requireSameWallet(found: string | undefined, expected: string): void {
  if (found !== undefined && found !== expected) throw new AppError('keys.other_wallet', { found, expected });
}
