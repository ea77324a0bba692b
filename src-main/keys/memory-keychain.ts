/** Stands in for the system's keychain in tests: the same four functions over a map, with the two ways a real one fails. */
import { AppError } from '../../src-shared/errors.ts';
import type { Keychain } from './vault.ts';

/** A keychain in memory that can be emptied or made to stop answering. */
export type MemoryKeychain = Keychain & { clear(): void; setAvailable(available: boolean): void };

/** Creates an empty one that answers. */
export function createMemoryKeychain(): MemoryKeychain {
  const entries = new Map<string, string>();
  let available = true;
  const keyOf = (service: string, account: string): string => JSON.stringify([service, account]);
  const reach = async <T>(act: () => T): Promise<T> => {
    if (!available) throw new AppError('keys.keychain_unavailable', { detail: 'no result found' });
    return act();
  };
  return {
    name: 'Memory',
    getPassword: (service, account) => reach(() => entries.get(keyOf(service, account)) ?? null),
    setPassword: (service, account, password) => reach(() => void entries.set(keyOf(service, account), password)),
    deletePassword: (service, account) => reach(() => entries.delete(keyOf(service, account))),
    findCredentials: (service) =>
      reach(() => [...entries.keys()].map((key) => JSON.parse(key) as [string, string]).filter(([found]) => found === service).map(([, account]) => ({ account }))),
    clear: () => entries.clear(),
    setAvailable: (value) => {
      available = value;
    },
  };
}
