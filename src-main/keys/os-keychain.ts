/** The operating system's keychain, pinned to a real store: never the kernel keyring, which a reboot empties (coordinator.md 1; decision note on the keytar alias). */
import type { AsyncEntry, EntryOptions, findCredentialsAsync } from 'keytar';
import { AppError } from '../../src-shared/errors.ts';
import type { Keychain } from './vault.ts';

type Native = { AsyncEntry: typeof AsyncEntry; findCredentialsAsync: typeof findCredentialsAsync };

const names: Readonly<Partial<Record<NodeJS.Platform, string>>> = { darwin: 'macOS Keychain', win32: 'Windows Credential Manager' };
const pinned: EntryOptions | undefined = process.platform === 'linux' ? { linux: { store: 'secret-service' } } : undefined;

/** Loaded on first use: the headless host on a machine without a keychain never needs the native module. */
async function loadNative(): Promise<Native> {
  const module = (await import('keytar')) as Native & { default?: Native };
  return module.default ?? module;
}

/** The adapter over the native module; every failure to reach the store is keys.keychain_unavailable with the system's own words. */
export function createOsKeychain(): Keychain {
  const reach = async <T>(act: (native: Native) => Promise<T>): Promise<T> => {
    try {
      return await act(await loadNative());
    } catch (cause) {
      const detail = cause instanceof Error ? cause.message : String(cause);
      throw new AppError('keys.keychain_unavailable', { detail: detail.slice(0, 200) }, { cause });
    }
  };
  const entry = (native: Native, service: string, account: string): AsyncEntry => new native.AsyncEntry(service, account, pinned);
  return {
    name: names[process.platform] ?? 'Secret Service',
    getPassword: (service, account) => reach(async (native) => (await entry(native, service, account).getPassword()) ?? null),
    setPassword: (service, account, password) => reach((native) => entry(native, service, account).setPassword(password)),
    deletePassword: (service, account) => reach((native) => entry(native, service, account).deletePassword()),
    findCredentials: (service) => reach(async (native) => (await native.findCredentialsAsync(service)).map(({ account }) => ({ account }))),
  };
}
