/** Tells the operator whether the system's keychain answers, and under which name (product.md, Set-up step 2). */
import { toAppError } from '../../src-shared/errors.ts';
import type { Keychain } from './vault.ts';

/** What the set-up shows; `detail` says why it is not available. */
export type KeychainProbe = { available: boolean; name: string; detail: string | null };

/** Asks the keychain for an entry that need not exist. Never rejects: not answering is the finding. */
export async function probeKeychain(keychain: Keychain | null): Promise<KeychainProbe> {
  if (keychain === null) return { available: false, name: 'none', detail: null };
  try {
    await keychain.getPassword('Operator Console', 'probe');
    return { available: true, name: keychain.name, detail: null };
  } catch (caught) {
    const error = toAppError(caught);
    return { available: false, name: keychain.name, detail: String(error.fields['detail'] ?? error.message) };
  }
}
