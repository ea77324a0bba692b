/** The ledger page by page, newest first; pages that were read stay and are read again when the ledger changes. */
import { useInfiniteQuery } from '@tanstack/react-query';
import type { InfiniteData } from '@tanstack/react-query';
import type { LedgerEntry } from '../../src-shared/bridge/views.ts';
import type { AppError } from '../../src-shared/errors.ts';
import { useClient } from './client.tsx';

const pageSize = 100;

/** The ledger as far as it was asked for. */
export function useLedger() {
  const client = useClient();
  return useInfiniteQuery<LedgerEntry[], AppError, InfiniteData<LedgerEntry[]>, readonly unknown[], string | null>({
    queryKey: ['ledger.list', 'pages'],
    queryFn: ({ pageParam }) => client.call('ledger.list', { limit: pageSize, before: pageParam }),
    initialPageParam: null,
    getNextPageParam: (page) => (page.length < pageSize ? null : (page.at(-1)?.id ?? null)),
  });
}
