/** What the first screen needs most, asked for while the window still builds it: the node answers as soon as it is open (product.md, Budgets: start to usable window). */
import type { QueryClient } from '@tanstack/react-query';
import type { CallInput, CallName } from '../../src-shared/bridge/index.ts';
import type { Client } from '../bridge.ts';
import { keyOf } from './client.tsx';

/** The latest requests, as the dashboard shows them. */
export const latestJobs = {
  limit: 6,
  stages: null,
  stackSmallId: null,
  before: null,
} as const satisfies CallInput<'jobs.list'>;

/** Asks for them where the window opens at the dashboard: few, since a browser keeps six connections to a host, and the screen's own files need some. A failure is shown where the read is used. */
export function readAhead(hash: string, client: Client, queries: QueryClient): void {
  if (hash !== '' && hash !== '#' && hash !== '#/') return;
  const read = <N extends CallName>(name: N, input: CallInput<N>): void =>
    void queries.prefetchQuery({ queryKey: keyOf(name, input), queryFn: () => client.call(name, input) });
  read('node.get', {});
  read('earnings.get', {});
  read('jobs.list', latestJobs);
}
