/** Holds the key of a wallet for this process, across data folders: two lanes on one wallet would lock its coins (architecture.md, "Chain": one lane per wallet). */
import { AppError } from '../../src-shared/errors.ts';
import { lockFile, type FolderLock } from './files.ts';

/** The wallet's key, held or not. */
export type KeyHold = {
  /**
   * Takes a wallet's key, letting go of the one before; null lets go. What a process that has gone left behind is taken over.
   * @throws AppError keys.in_use
   */
  hold(walletAddress: string | null): void;
  release(): void;
};

/** Creates it over a folder that all consoles of this user share; without one nothing is held. */
export function createKeyHold(folder: string | null): KeyHold {
  let held: { wallet: string; lock: FolderLock } | null = null;
  const release = (): void => {
    held?.lock.release();
    held = null;
  };
  return {
    hold(wallet) {
      if (folder === null || held?.wallet === wallet) return;
      release();
      if (wallet !== null) held = { wallet, lock: lockFile(folder, `${wallet}.lock`, (pid) => new AppError('keys.in_use', { pid, wallet })) };
    },
    release,
  };
}
