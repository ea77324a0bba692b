/** The vault of this data folder, the hold on its wallet's key, and how it opens at the start (architecture.md, "Chain": one lane per wallet). */
import { toAppError } from '../../src-shared/errors.ts';
import { createVault } from '../keys/create-vault.ts';
import type { BegunKey } from '../keys/sealed-file.ts';
import type { Keychain, Vault } from '../keys/vault.ts';
import type { Logger } from '../log/logger.ts';
import { createKeyHold } from '../platform/key-hold.ts';

/** The node's keys. */
export type NodeKeys = {
  vault: Vault;
  /** Holds the key of the open vault, also one that was made or imported since the start. @throws AppError keys.in_use */
  hold(): void;
  release(): void;
  /** Opens the vault where the keychain holds its key; a silent keychain is logged. */
  unlockByKeychain(): Promise<void>;
  /** Done when the passphrase of the start has opened the vault; null where none was given, or there is no vault. */
  unlocking: Promise<void> | null;
};

type Options = { dataDir: string; keyLockFolder: string | null; passphrase: string | null; begunKey: BegunKey | null; expectsKey: boolean };

type Deps = {
  keychain: Keychain | null;
  /** The key is another console's: closes what was opened before. */
  refused(): void;
  now(): number;
  log: Logger;
};

/** Begins to open the vault. @throws AppError keys.in_use */
export function openNodeKeys({ dataDir, keyLockFolder, passphrase, begunKey, expectsKey }: Options, { keychain, refused, now, log }: Deps): NodeKeys {
  const vault = createVault({ dataDir, keychain, expectsKey }, { log, now });
  const key = createKeyHold(keyLockFolder);
  const { exists, store, identity } = vault.status();
  try {
    key.hold(identity?.walletAddress ?? null);
  } catch (error) {
    refused();
    throw error;
  }
  // The passphrase is stretched on purpose, in a thread of its own: everything else is opened meanwhile.
  const unlocking = exists && passphrase !== null ? vault.unlock(passphrase, begunKey ?? undefined) : null;
  unlocking?.catch(() => undefined); // who waits for it gets the error
  return {
    vault,
    hold: () => key.hold(vault.signers().identity.walletAddress),
    release: key.release,
    async unlockByKeychain() {
      if (exists && store.kind === 'keychain') await vault.unlock().catch((error: unknown) => log.error('keys.not_unlocked', { error: toAppError(error) }));
    },
    unlocking,
  };
}
