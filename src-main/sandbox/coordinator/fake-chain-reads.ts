/** A chain held in plain maps: the small real implementation of {@link ChainReads} that the coordinator's tests stand on. */
import type { ChainReads, Offer, StackOnChain, TaskOnChain } from './chain-reads.ts';
import type { Standing } from './judge-hello.ts';

/** The reads, and the maps behind them to change. */
export type FakeChainReads = ChainReads & {
  readonly standings: Map<string, Standing>;
  readonly stacks: Map<bigint, StackOnChain>;
  readonly tickets: Map<bigint, readonly bigint[]>;
  readonly tasks: Map<bigint, TaskOnChain>;
  readonly subscriptions: Map<bigint, readonly Offer[]>;
};

/** Creates an empty chain. */
export function createFakeChainReads(): FakeChainReads {
  const standings = new Map<string, Standing>();
  const stacks = new Map<bigint, StackOnChain>();
  const tickets = new Map<bigint, readonly bigint[]>();
  const tasks = new Map<bigint, TaskOnChain>();
  const subscriptions = new Map<bigint, readonly Offer[]>();
  return {
    standings, stacks, tickets, tasks, subscriptions,
    standing: async (wallet) => standings.get(wallet) ?? { kind: 'not_registered' },
    stack: async (id) => stacks.get(id) ?? null,
    requestedAttestors: async (id) => tickets.get(id) ?? null,
    task: async (id) => tasks.get(id) ?? null,
    taskCount: async () => BigInt(tasks.size),
    offers: async (id) => subscriptions.get(id) ?? [],
  };
}
