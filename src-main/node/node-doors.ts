/** What only the console's own pages and its command line may do: keys, and the word on a proposal (architecture.md, "The bridge"; decision 0013). */
import type { KeysView } from '../../src-shared/bridge/views.ts';
import { AppError } from '../../src-shared/errors.ts';
import type { CommandCalls, SecureCalls } from '../console-node.ts';
import type { Vault } from '../keys/vault.ts';
import type { Session } from '../session/session-parts.ts';

type Deps = {
  vault: Vault;
  keychain: KeysView['keychain'];
  host: 'desktop' | 'headless';
  session(): Session | null;
  /** @throws AppError setup.not_ready, keys.locked, keys.not_created */
  needSession(): Session;
  /** Runs a change of the keys in its turn, and what follows from it. */
  changeKeys(change: () => Promise<void>): Promise<void>;
  /** Done when the node is open. */
  opened: Promise<void>;
  chainRead(): void;
};

/** What may be shown of the keys. */
export function keysView(vault: Vault, keychain: KeysView['keychain']): KeysView {
  const { exists, unlocked, store, backupConfirmed, identity } = vault.status();
  return { exists, unlocked, store, keychain, backupConfirmed, nodeId: identity?.nodeId ?? null, walletAddress: identity?.walletAddress ?? null, livenessAddress: identity?.livenessAddress ?? null };
}

/** Creates both doors over the vault and the session of the moment. */
export function createDoors({ vault, keychain, host, session, needSession, changeKeys, opened, chainRead }: Deps): { secure: SecureCalls; command: CommandCalls } {
  const decline = (id: string): void => session()?.proposals.decline(id);
  /** @throws AppError keys.wrong_passphrase */
  const approve = (id: string, proved: boolean): void => {
    if (!proved) throw new AppError('keys.wrong_passphrase');
    needSession().proposals.approve(id);
  };
  return {
    secure: {
      keys: () => keysView(vault, keychain),
      needsNewPassphrase: () => !keychain.available,
      grave: () => (host === 'desktop' ? 'button' : 'passphrase'),
      createKey: ({ passphrase }) => vault.create(given({ passphrase })),
      confirmBackup: (phrase) => changeKeys(() => vault.confirmBackup(phrase)),
      importKey: ({ secret, passphrase }) => changeKeys(() => vault.importOperator({ secret, ...given({ passphrase }) })),
      restore: ({ phrase, nodeKeys, nodeKeysPassphrase, passphrase }) => changeKeys(() => vault.restore({ phrase, ...given({ nodeKeys, nodeKeysPassphrase, passphrase }) })),
      unlock: (passphrase) => changeKeys(() => vault.unlock(passphrase ?? undefined)),
      exportNodeKeys: vault.exportNodeKeys,
      proposal: (id) => session()?.proposals.get(id) ?? null,
      approve: async (id, passphrase) => approve(id, host !== 'headless' || (await vault.verifyPassphrase(passphrase ?? ''))),
      decline,
    },
    command: {
      confirmedBy: () => vault.status().store.kind,
      approve: async (id, passphrase) => approve(id, await vault.prove(passphrase ?? undefined)),
      decline,
      async readChain() {
        await opened;
        await session()?.chain.refresh();
        chainRead();
      },
    },
  };
}

/** The values that are there; with exact optional properties an absent one must be left out. */
type Given<T> = { [K in keyof T]?: NonNullable<T[K]> };
const given = <T extends object>(values: T): Given<T> => Object.fromEntries(Object.entries(values).filter(([, value]) => value !== null)) as Given<T>;
