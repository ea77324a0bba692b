/** Reads the chain into one snapshot; what cannot be read stays as it was, with its age, and is null before the first time (product.md: unknown is never shown as 0). */
import type { Badge, Contract } from '../../src-shared/atoma/index.ts';
import { AppError } from '../../src-shared/errors.ts';
import type { ChainSnapshot, EpochFact, NodeFact, SubscriberFact, TaskFact } from './chain-facts.ts';
import type { ChainClient } from './client.ts';
import type { PlanFacts } from './reconciler.ts';
import type { Reads } from './reads.ts';

type Deps = {
  client: ChainClient;
  reads: Reads;
  walletAddress: () => string | null;
  /** The operator's choice among several badges; null takes the lowest node that is not disabled. */
  chosenBadgeId: () => string | null;
  /** Tasks change seldom: they are read again after this long, or when asked for. */
  tasksEveryMs: number;
  now: () => number;
};

/** Reads and keeps what was read. */
export type Observer = ReturnType<typeof createObserver>;

/** Creates an observer that knows nothing yet. */
export function createObserver({ client, reads, walletAddress, chosenBadgeId, tasksEveryMs, now }: Deps) {
  let seen: Omit<ChainSnapshot, 'health'> = { epoch: null, db: null, registration: null, balances: null, tasks: null, subscriptions: null, readAtMs: null };
  let contract: Contract | null = null;
  let tasksReadMs: number | null = null;
  let seenWallet: string | null = null;

  const chooseNode = async (badges: readonly Badge[], db: NonNullable<ChainSnapshot['db']>, epoch: EpochFact, table: Contract): Promise<NodeFact | null> => {
    const chosen = chosenBadgeId();
    const wanted = chosen === null ? badges : badges.filter((badge) => badge.id === chosen);
    if (chosen !== null && wanted.length === 0) throw await reads.wrongBadge(chosen);
    const nodes = (await Promise.all(wanted.map((badge) => reads.node(badge, db, epoch.epoch, table)))).filter((node) => node !== null);
    return nodes.find((node) => node.disabledAtEpoch === null) ?? nodes[0] ?? null;
  };
  const subscriptionsOf = (tasks: readonly TaskFact[], node: NodeFact | null): Map<bigint, SubscriberFact> =>
    new Map(tasks.flatMap((task) => task.subscribers.filter((one) => one.nodeSmallId === node?.nodeSmallId).map((one) => [task.taskSmallId, one] as const)));

  return {
    /** Reads everything; `tasks` forces the tasks too. Throws when the chain is out of reach; what was read before stays. */
    async observe(options: { tasks: boolean }): Promise<void> {
      await client.probe();
      const deployment = await client.deployment();
      contract = deployment.contract;
      const wallet = walletAddress();
      const [epoch, db] = await Promise.all([reads.epoch(), reads.db(contract)]);
      const dueTasks = options.tasks || seen.tasks === null || tasksReadMs === null || now() - tasksReadMs >= tasksEveryMs;
      const [tasks, badges, balances] = await Promise.all([
        dueTasks ? reads.tasks(db, contract) : (seen.tasks ?? []),
        wallet === null ? [] : reads.badges(wallet, contract),
        wallet === null ? null : reads.balances(wallet),
      ]);
      const node = await chooseNode(badges, db, epoch, contract);
      if (dueTasks) tasksReadMs = now();
      // A key made while this was being read belongs to the next reading.
      seenWallet = wallet;
      seen = {
        epoch, db, balances, tasks,
        registration: wallet === null ? null : node === null ? { registered: false } : { registered: true, node },
        subscriptions: wallet === null ? null : subscriptionsOf(tasks, node),
        readAtMs: now(),
      };
    },
    snapshot: (): ChainSnapshot => {
      const wallet = seenWallet === walletAddress() ? {} : { registration: null, balances: null, subscriptions: null };
      return { ...seen, ...wallet, health: client.health() };
    },
    contract: (): Contract | null => contract,
    node(): NodeFact | null {
      return seen.registration?.registered ? seen.registration.node : null;
    },
    task: (id: bigint): TaskFact | null => seen.tasks?.find((task) => task.taskSmallId === id) ?? null,
    /** Facts for the plans; null while something is unknown or there is no node. */
    planFacts(): PlanFacts | null {
      const node = this.node();
      return contract === null || seen.db === null || seen.epoch === null || seen.tasks === null || node === null ? null : { contract, db: seen.db, epoch: seen.epoch.epoch, node, tasks: seen.tasks };
    },
    /** The contract's values, or AppError chain.not_ready. */
    need(): { db: NonNullable<ChainSnapshot['db']>; contract: Contract; epoch: EpochFact } {
      if (seen.db === null || seen.epoch === null || contract === null) throw new AppError('chain.not_ready');
      return { db: seen.db, contract, epoch: seen.epoch };
    },
  };
}
