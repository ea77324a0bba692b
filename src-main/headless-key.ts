/** The vault's key of a start with --passphrase-file, begun while the host is still being loaded. */
import { defaultDataDir, parseFlags, readPassphrase } from './host/flags.ts';
import { beginVaultKey } from './keys/begin-key.ts';
import type { BegunKey } from './keys/sealed-file.ts';

/** Null where no passphrase was given, or the vault is under none; and where anything is wrong, which the start itself then says. */
export function beginKeyOfStart(args: readonly string[]): BegunKey | null {
  try {
    const { dataDir, passphraseFile } = parseFlags(args);
    return passphraseFile === null ? null : beginVaultKey(dataDir ?? defaultDataDir(process.platform, process.env), readPassphrase(passphraseFile));
  } catch {
    return null; // a verb, or a start that fails with its own words
  }
}
