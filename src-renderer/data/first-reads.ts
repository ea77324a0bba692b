/** What the first screen needs most, asked for while the window still builds it: the node answers as soon as it is open (product.md, Budgets: start to usable window). */
import type { QueryClient } from '@tanstack/react-query';
import type { CallName } from '../../src-shared/bridge/index.ts';
import type { Client } from '../bridge.ts';
import { keyOf } from './client.tsx';

/** Few: a browser keeps six connections to a host, and the screen's own files need some. */
const firstReads = ['node.get', 'earnings.get'] as const satisfies readonly CallName[];

/** Asks for them where the window opens at the dashboard. A failure is shown where the read is used. */
export function readAhead(hash: string, client: Client, queries: QueryClient): void {
  if (hash !== '' && hash !== '#' && hash !== '#/') return;
  for (const name of firstReads)
    void queries.prefetchQuery({ queryKey: keyOf(name, {}), queryFn: () => client.call(name, {}) });
}
