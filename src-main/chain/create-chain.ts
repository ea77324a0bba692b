/** The chain's side of the node: facts for the dispatch rules, views, previews, intents through the lane, and the reconciler (architecture.md, "chain/"). */
import { contractOf } from '../../src-shared/atoma/index.ts';
import type { Intent, Outcome, Preview } from '../../src-shared/bridge/intents.ts';
import { AppError } from '../../src-shared/errors.ts';
import { claimableUnits, isQuiet } from '../core/settlement-plan.ts';
import { createAttestationTickets } from './attestation-tickets.ts';
import { createBook } from './book-transaction.ts';
import { chainLimits, createChainEndpoints } from './chain-endpoints.ts';
import type { ChainSnapshot, StackFact } from './chain-facts.ts';
import { createChainLoop } from './chain-loop.ts';
import type { ChainDeps, ChainOptions } from './chain-parts.ts';
import { gasReserveMist, typicalGasMist } from './gas.ts';
import { createHistory } from './history.ts';
import { createIntentChecks } from './intent-checks.ts';
import { createLane } from './lane.ts';
import { createMoneyViews } from './money-views.ts';
import { createObserver } from './observer.ts';
import { createParking } from './parking.ts';
import { createPrepare } from './prepare.ts';
import { createPreview } from './preview.ts';
import { passRead, type PassedAnswer, type PassedCall } from './read-passage.ts';
import { createReadingQueue } from './reading-queue.ts';
import { createReads } from './reads.ts';
import { createReconciler } from './reconciler.ts';
import { recognise } from './recognise.ts';
import { createStackFacts } from './stack-facts.ts';

/** The chain's side of the node. */
export type Chain = ReturnType<typeof createChain>;

const tasksEveryMs = 30_000;

/** Creates it; nothing is asked or sent before `start`, `refresh` or `execute`. */
export function createChain({ profile, pollMs, timeoutMs = chainLimits.timeoutMs }: ChainOptions, deps: ChainDeps) {
  const { store, walletAddress, now, random, log, stackWork } = deps;
  const client = deps.endpoints ?? createChainEndpoints({ profile, timeoutMs }, { pins: store.pins, now, log, ...(deps.fetch ? { fetch: deps.fetch } : {}) });
  const reads = createReads(profile, { client });
  const observer = createObserver({ client, reads, walletAddress, chosenBadgeId: () => profile.badgeId ?? null, tasksEveryMs, now });
  const listeners = new Set<() => void>();
  const samplingConsensus = (taskSmallId: bigint): boolean => observer.task(taskSmallId)?.securityLevel === 'sampling-consensus';
  const nodeSmallId = (): bigint | null => observer.node()?.nodeSmallId ?? null;
  const reserveMist = (): bigint => (observer.node() === null ? 0n : gasReserveMist(deps.policies().gasReserveTransactions));
  const prepare = createPrepare(profile, { client, reads, node: () => observer.node(), root: (id) => stackWork(id).root, reserveMist });

  const book = createBook(profile, { client, reads, store, observer, samplingConsensus, now });
  const lane = createLane({
    client, store, prepare, walletAddress, book, now, random, log,
    signTransaction: deps.signTransaction,
    packageId: profile.atomaPackageId,
    crashPoint: deps.crashPoint ?? (() => undefined),
  });
  const stacks = createStackFacts({ store, reads, nodeSmallId, samplingConsensus, knowsTask: (id) => observer.task(id) !== null, underWay: lane.underWay, now });
  const history = createHistory(profile, { client, reads, store, now, log });
  const money = createMoneyViews(profile, { store, observer, stacks, stackWork, now });

  const preview = createPreview({ profile, contract: contractOf(profile.generation), observer, store });

  const readAll = async (options: { tasks: boolean }): Promise<void> => {
    await observer.observe(options);
    const { db, contract } = observer.need();
    const node = nodeSmallId();
    const wallet = walletAddress();
    if (node !== null) {
      await history.catchUp({ contract, nodeSmallId: node, samplingConsensus, named: (id) => deps.attestation?.named(id) });
      await stacks.refreshUnfinished(db, contract);
    }
    if (wallet !== null) await history.bookOwnTransactions(wallet, { contract, db });
    listeners.forEach((listener) => listener());
  };
  const reading = createReadingQueue(readAll);
  const refresh = (options: { tasks: boolean } = { tasks: true }): Promise<void> => reading(options);
  const reconciler = createReconciler({
    store, lane, stacks, stackWork, now, random, log,
    facts: observer.planFacts.bind(observer),
    reread: () => refresh({ tasks: false }),
    policies: deps.policies,
    leaving: deps.leaving,
    ...(deps.gasWorth === undefined ? {} : { gasWorth: deps.gasWorth }),
    canSign: deps.canSign,
    maySettle: (id) => deps.attestation?.maySettle(id) ?? true,
  });
  const round = async (options: { tasks: boolean }): Promise<void> => {
    try {
      await refresh(options);
      await reconciler.reconcile();
    } finally {
      // Also when it failed: health and age changed.
      listeners.forEach((listener) => listener());
    }
  };
  const loop = createChainLoop({ pollMs: pollMs ?? (profile.kind === 'sandbox' ? 1_000 : 5_000), packageId: profile.atomaPackageId }, { round, client, random, log });

  const check = createIntentChecks({
    observer, stackWork, samplingConsensus,
    confidential: {
      publicKey: () => deps.confidential?.publicKey() ?? null,
      requireOffered: () => deps.confidential?.requireOffered(),
      isConfidential: (taskSmallId) => observer.task(taskSmallId)?.securityLevel === 'confidential',
    },
  });
  const wallet = (): string => {
    const address = walletAddress();
    if (address === null) throw new AppError('keys.not_created');
    return address;
  };
  const known = async (): Promise<void> => {
    if (observer.snapshot().registration === null) await refresh();
  };
  const execute = async (intent: Intent): Promise<Outcome> => {
    wallet();
    await known();
    check(intent);
    try {
      return await lane.execute(intent, 'operator');
    } finally {
      // A failed reading must not hide how the transaction ended; the loop reads again anyway.
      await refresh({ tasks: true }).catch((caught: unknown) => log.warn('chain.reread_failed', { detail: String(caught).slice(0, 200) }));
    }
  };
  const parking = createParking({
    store,
    subscriptions: async () => {
      await refresh({ tasks: true });
      const { subscriptions } = observer.snapshot();
      if (subscriptions === null) throw new AppError('chain.not_ready');
      return subscriptions;
    },
    execute,
  });

  return {
    /** Begins reading and reconciling. */
    start: loop.start,
    /** Ends for good, after the running round and the running transaction. What was submitted and not answered is looked up at the next start. */
    async stop(): Promise<void> {
      const closed = lane.close();
      await loop.stop();
      await closed;
    },
    /** True while an intent of this kind runs, waits in line, or is in doubt. */
    isUnderWay: (kind: Intent['kind']): boolean => lane.underWay().some((intent) => intent.kind === kind),
    /** Lets the next round begin at once, for example after a result was acknowledged. */
    hint: loop.hint,
    /** Reads the chain now. Throws AppError chain.unreachable, network.wrong_chain, network.wrong_contract. */
    refresh,
    /** Reads the chain, then settles and claims what is due, until nothing is left to do now. */
    reconcile: () => round({ tasks: false }),
    onChange(listener: () => void): () => void {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    snapshot: (): ChainSnapshot => observer.snapshot(),
    /** How each full node of the profile is doing. */
    endpoints: client.endpoints,

    stack: (id: bigint): StackFact | null => stacks.stack(id),
    async refreshStack(id: bigint): Promise<StackFact | null> {
      if (observer.snapshot().db === null) await refresh();
      const { db, contract } = observer.need();
      return stacks.refreshStack(id, db, contract);
    },
    subscribedTasks: (): ReadonlySet<bigint> => new Set(observer.snapshot().subscriptions?.keys() ?? []),

    async preview(intent: Intent): Promise<Preview> {
      await known();
      return preview(intent, wallet(), async (wanted, address) => {
        check(wanted);
        return lane.between(() => prepare(wanted, address));
      });
    },
    /** Runs an intent that the operator confirmed, or that leaving needs. */
    execute,
    /** Settles with the acknowledged units, whatever the policy says. */
    async settleNow(id: bigint): Promise<Outcome> {
      const row = store.stacks.get(id);
      if (row === null) throw new AppError('chain.rejected', { detail: `stack ${id} is not known` });
      // What is still on its way would be given away: a stack is settled once, "only when none of its results awaits an acknowledgement" (coordinator.md 6).
      if (!isQuiet(stackWork(id))) throw new AppError('chain.rejected', { detail: `requests on stack ${id} are still running or await their receipt` });
      const { contract, db } = observer.need();
      const mostUnits = contract.money.mostUnits(row.price, row.samplingConsensus, db);
      return execute({ kind: 'settle', stackSmallId: id, claimedUnits: claimableUnits({ numComputeUnits: row.numComputeUnits, work: stackWork(id), mostUnits }) });
    },
    claimNow: (ids: readonly bigint[]): Promise<Outcome> => execute({ kind: 'claim', stackSmallIds: [...ids] }),
    park: parking.park,
    restore: parking.restore,
    /** SUI that should stay in the wallet, in MIST. */
    gasReserveMist: (): bigint => gasReserveMist(deps.policies().gasReserveTransactions),
    transactionMist: typicalGasMist,

    ...money,
    ...createAttestationTickets({ client, packageId: profile.atomaPackageId, reads, need: () => observer.need() }),

    /** The intent behind a transaction built elsewhere; AppError intent.not_allowed. */
    async recognise(transaction: string): Promise<Intent> {
      if (observer.contract() === null) await refresh();
      const { contract } = observer.need();
      return recognise(transaction, profile, contract, await reads.holdings(wallet(), contract));
    },
    /** Passes a reading gRPC-web call of the window on to the endpoint in use. */
    async chainRead(call: PassedCall): Promise<PassedAnswer> {
      await client.deployment();
      return passRead(call, client.health().endpoint ?? profile.endpoints[0] ?? '', timeoutMs, deps.fetch);
    },
  };
}
