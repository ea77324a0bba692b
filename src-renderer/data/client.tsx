/** Hands the client to the pages and repeats their reads when topics arrive; nothing is polled (architecture.md, main job 10). */
import { QueryClient, QueryClientProvider, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { QueryKey, UseMutationResult, UseQueryResult } from '@tanstack/react-query';
import { createContext, useContext, useEffect } from 'react';
import type { ReactNode } from 'react';
import type { CallInput, CallName, CallOutput, Topic } from '../../src-shared/bridge/index.ts';
import { toAppError } from '../../src-shared/errors.ts';
import type { AppError } from '../../src-shared/errors.ts';
import { encodeInput } from '../bridge.ts';
import type { Client } from '../bridge.ts';
import { createPace } from './pace.ts';
import { readsToRepeat } from './topics.ts';

/** For what cannot use a hook, such as an error boundary; everything else takes {@link useClient}. */
export const ClientContext = createContext<Client | null>(null);

/** Cache settings: results stay until a topic makes them old; only transient failures are tried again. */
export const createQueryClient = (): QueryClient =>
  new QueryClient({
    defaultOptions: {
      queries: {
        networkMode: 'always',
        staleTime: 30_000,
        refetchOnReconnect: false,
        retry: (count, error) => count < 2 && toAppError(error).kind === 'transient',
        retryDelay: (count) => 500 * 2 ** count,
      },
      mutations: { networkMode: 'always', retry: false },
    },
  });

/** Collects topics and repeats the affected reads, at their pace and not while the window is hidden. */
function useTopics(client: Client): void {
  const queries = useQueryClient();
  useEffect(() => {
    const pending = new Set<Topic | null>();
    /** Reads that were on their way when they became old: ended first, or a stream of topics would cut every one of them off. */
    let late: ReadonlySet<unknown> = new Set();
    let timer: ReturnType<typeof setTimeout> | null = null;
    const pace = createPace(() => performance.now());
    const flush = (): void => {
      timer = null;
      if (document.hidden || (pending.size === 0 && late.size === 0)) return;
      pace.spend();
      const [names, before] = [readsToRepeat(pending), late];
      pending.clear();
      const isDue = ({ queryKey: [name] }: { queryKey: QueryKey }): boolean =>
        names === null || names.has(name as CallName) || before.has(name);
      const due = queries.getQueryCache().findAll({ predicate: isDue });
      late = new Set(due.filter((query) => query.state.fetchStatus === 'fetching').map((query) => query.queryKey[0]));
      void queries.invalidateQueries({
        predicate: (query) => isDue(query) && query.state.fetchStatus !== 'fetching',
      });
      if (late.size > 0) schedule();
    };
    function schedule(): void {
      timer ??= setTimeout(flush, pace.waitMs());
    }
    const stop = client.subscribe((topic) => {
      pending.add(topic);
      schedule();
    });
    document.addEventListener('visibilitychange', schedule);
    return () => {
      stop();
      document.removeEventListener('visibilitychange', schedule);
      if (timer !== null) clearTimeout(timer);
    };
  }, [client, queries]);
}

function Topics({ client }: { client: Client }): null {
  useTopics(client);
  return null;
}

/** Provides the client and the cache to everything below. */
export function DataProvider(props: { client: Client; queries: QueryClient; children: ReactNode }) {
  return (
    <ClientContext.Provider value={props.client}>
      <QueryClientProvider client={props.queries}>
        <Topics client={props.client} />
        {props.children}
      </QueryClientProvider>
    </ClientContext.Provider>
  );
}

/** The client; only inside DataProvider. */
export function useClient(): Client {
  const client = useContext(ClientContext);
  if (client === null) throw new Error('useClient outside DataProvider');
  return client;
}

/** Cache key of a read: its name and its input as JSON. */
export const keyOf = <N extends CallName>(name: N, input: CallInput<N>): QueryKey => [name, encodeInput(name, input)];

/** Reads a call and reads it again when a topic says so. */
export function useCall<N extends CallName>(
  name: N,
  input: CallInput<N>,
  options: { enabled?: boolean; keepPrevious?: boolean; repeatMs?: number } = {},
): UseQueryResult<CallOutput<N>, AppError> {
  const client = useClient();
  return useQuery<CallOutput<N>, AppError>({
    queryKey: keyOf(name, input),
    queryFn: () => client.call(name, input),
    enabled: options.enabled ?? true,
    refetchInterval: options.repeatMs ?? false,
    ...(options.keepPrevious === true
      ? { placeholderData: (previous: CallOutput<N> | undefined) => previous as never }
      : {}),
  });
}

/** An act: runs a call, then repeats the given reads. */
export function useAct<N extends CallName>(
  name: N,
  repeat: readonly CallName[] = [],
): UseMutationResult<CallOutput<N>, AppError, CallInput<N>> {
  const client = useClient();
  const queries = useQueryClient();
  return useMutation<CallOutput<N>, AppError, CallInput<N>>({
    mutationFn: (input) => client.call(name, input),
    onSettled: () =>
      queries.invalidateQueries({ predicate: (query) => repeat.includes(query.queryKey[0] as CallName) }),
  });
}
