/** Begins to derive the vault's key before the rest of the console is loaded: scrypt takes long on purpose, and in a thread of its own (product.md, Budgets: start to usable window). */
import { keyFromPassphrase, type BegunKey } from './sealed-file.ts';
import { openVaultFile } from './vault-file.ts';

/**
 * The key of a data folder's vault under this passphrase, on its way; null where no vault is sealed under a passphrase.
 * @throws AppError keys.too_open when folder or file is open to others
 */
export function beginVaultKey(dataDir: string, passphrase: string): BegunKey | null {
  const stored = openVaultFile(dataDir).read();
  if (stored.kind !== 'sealed' || stored.file.header.wrap.kind !== 'scrypt') return null;
  const { wrap } = stored.file.header;
  const key = keyFromPassphrase(passphrase, wrap);
  key.catch(() => undefined); // who unlocks with it gets the error
  return { wrap, key };
}
