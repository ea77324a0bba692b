/** A value that has stood still for a while, so that typing does not start work at every key. */
import { useEffect, useState } from 'react';

/** The latest value once it has not changed for `quietMs`, compared by `key`; null while it is still changing, so that nothing is done with what is no longer entered. */
export function useSettled<T>(value: T, key: string, quietMs: number): T | null {
  const [settled, setSettled] = useState({ value, key });
  useEffect(() => {
    if (settled.key === key) return undefined;
    const timer = setTimeout(() => setSettled({ value, key }), quietMs);
    return () => clearTimeout(timer);
  }, [value, key, quietMs, settled.key]);
  return settled.key === key ? settled.value : null;
}
