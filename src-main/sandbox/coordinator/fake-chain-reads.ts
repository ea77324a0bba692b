/** A chain held in plain maps: the small real implementation of {@link ChainReads} that the coordinator's tests stand on. */
import type { ChainReads, Offer, StackOnChain, TaskOnChain, TicketOnChain } from './chain-reads.ts';
import type { Standing } from './judge-hello.ts';

/** The reads, and the maps behind them to change. */
export type FakeChainReads = ChainReads & {
  readonly standings: Map<string, Standing>;
  readonly stacks: Map<bigint, StackOnChain>;
  readonly tickets: Map<bigint, TicketOnChain>;
  readonly tasks: Map<bigint, TaskOnChain>;
  readonly subscriptions: Map<bigint, readonly Offer[]>;
  /** The current epoch. */
  clock: { epoch: bigint };
};

/** Creates an empty chain. */
export function createFakeChainReads(): FakeChainReads {
  const standings = new Map<string, Standing>();
  const stacks = new Map<bigint, StackOnChain>();
  const tickets = new Map<bigint, TicketOnChain>();
  const tasks = new Map<bigint, TaskOnChain>();
  const subscriptions = new Map<bigint, readonly Offer[]>();
  const clock = { epoch: 0n };
  return {
    standings, stacks, tickets, tasks, subscriptions, clock,
    standing: async (wallet) => standings.get(wallet) ?? { kind: 'not_registered' },
    stack: async (id) => stacks.get(id) ?? null,
    ticket: async (id) => tickets.get(id) ?? null,
    task: async (id) => tasks.get(id) ?? null,
    taskCount: async () => BigInt(tasks.size),
    offers: async (id) => subscriptions.get(id) ?? [],
    epoch: async () => clock.epoch,
    attestationSettings: async () => ({ probabilityPermille: 10, extraNodes: 1 }),
  };
}
