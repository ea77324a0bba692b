/** What only the console's own pages and its command line may do: keys, and the word on a proposal (architecture.md, "The bridge"; decision 0013). */
import type { KeysView } from '../../src-shared/bridge/views.ts';
import { AppError } from '../../src-shared/errors.ts';
import type { CommandCalls, SecureCalls } from '../console-node.ts';
import type { Vault } from '../keys/vault.ts';
import type { KeyCare, Preferences } from '../store/preferences.ts';
import type { Session } from '../session/session-parts.ts';

type Deps = {
  vault: Vault;
  keychain: KeysView['keychain'];
  host: 'desktop' | 'headless';
  session(): Session | null;
  /** @throws AppError setup.not_ready, keys.locked, keys.not_created */
  needSession(): Session;
  /** What was done for the backup of the keys. */
  care: Pick<Preferences, 'keyCare' | 'setKeyCare'>;
  /** What is shown of the keys is another. */
  careChanged(): void;
  now(): number;
  /** In its turn: ends the session on the old keys when its work is done, and begins one on the new. */
  renewSession(): void;
  /** Runs a change of the keys in its turn, and what follows from it. */
  changeKeys(change: () => Promise<void>): Promise<void>;
  /** Done when the node is open. */
  opened: Promise<void>;
  chainRead(): void;
};

/** What may be shown of the keys. */
export function keysView(vault: Vault, keychain: KeysView['keychain'], { rehearsed, saved }: KeyCare): KeysView {
  const { exists, unlocked, store, backupConfirmed, identity } = vault.status();
  const rehearsedAtMs = rehearsed?.walletAddress === identity?.walletAddress ? (rehearsed?.atMs ?? null) : null;
  const nodeKeysSaved = saved === null || saved.nodeId !== identity?.nodeId ? null : { atMs: saved.atMs, current: saved.livenessAddress === identity.livenessAddress };
  return { rehearsedAtMs, nodeKeysSaved, exists, unlocked, store, keychain, backupConfirmed, nodeId: identity?.nodeId ?? null, walletAddress: identity?.walletAddress ?? null, livenessAddress: identity?.livenessAddress ?? null };
}

/** Creates both doors over the vault and the session of the moment. */
export function createDoors({ vault, keychain, host, session, needSession, changeKeys, care, careChanged, now, renewSession, opened, chainRead }: Deps): { secure: SecureCalls; command: CommandCalls } {
  const decline = (id: string): void => session()?.proposals.decline(id);
  /** @throws AppError keys.wrong_passphrase */
  const approve = (id: string, proved: boolean): void => {
    if (!proved) throw new AppError('keys.wrong_passphrase');
    needSession().proposals.approve(id);
  };
  const noteCare = (change: Partial<KeyCare>): void => {
    care.setKeyCare({ ...care.keyCare(), ...change });
    careChanged();
  };
  return {
    secure: {
      keys: () => keysView(vault, keychain, care.keyCare()),
      needsNewPassphrase: () => !keychain.available,
      grave: () => (host === 'desktop' ? 'button' : 'passphrase'),
      createKey: ({ passphrase }) => vault.create(given({ passphrase })),
      confirmBackup: (phrase) => changeKeys(() => vault.confirmBackup(phrase)),
      importKey: ({ secret, passphrase }) => changeKeys(() => vault.importOperator({ secret, ...given({ passphrase }) })),
      restore: ({ phrase, nodeKeys, nodeKeysPassphrase, passphrase }) => changeKeys(() => vault.restore({ phrase, ...given({ nodeKeys, nodeKeysPassphrase, passphrase }) })),
      unlock: (passphrase) => changeKeys(() => vault.unlock(passphrase ?? undefined)),
      async exportNodeKeys(passphrase) {
        const { nodeId, livenessAddress } = vault.signers().identity;
        const file = await vault.exportNodeKeys(passphrase);
        noteCare({ saved: { atMs: now(), nodeId, livenessAddress } });
        return file;
      },
      async rehearse({ phrase, nodeKeys, nodeKeysPassphrase }) {
        await vault.rehearse({ phrase, ...given({ nodeKeys, nodeKeysPassphrase }) });
        const { identity } = vault.status();
        if (identity !== null) noteCare({ rehearsed: { atMs: now(), walletAddress: identity.walletAddress } });
      },
      async rotateLiveness(passphrase) {
        await changeKeys(() => vault.rotateLiveness(passphrase ?? undefined));
        renewSession();
      },
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
