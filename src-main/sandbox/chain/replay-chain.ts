/** Carries recorded steps out on the whole chain: each a signed transaction in real bytes, sent to its gRPC server, with the draws steered (format of contract-g1.json and contract-g2.json). */
import { createHash } from 'node:crypto';
import { GrpcTypes as T, SuiGrpcClient } from '@mysten/sui/grpc';
import { Ed25519Keypair } from '@mysten/sui/keypairs/ed25519';
import type { Transaction } from '@mysten/sui/transactions';
import { coinObjectType, contractOf } from '../../../src-shared/atoma/index.ts';
import type { Generation } from '../../../src-shared/atoma/index.ts';
import { silentLogger } from '../../log/logger.ts';
import { openSqlite } from '../../platform/sqlite.ts';
import { NO_FAULTS, methodsOf } from './create-sandbox-chain.ts';
import { coinBalance, seal } from './machine/chain-object.ts';
import type { ChainObject, ObjectDraft } from './machine/chain-object.ts';
import { project } from './machine/projection.ts';
import { createChainCore } from './node/chain-core.ts';
import type { ChainCore } from './node/chain-core.ts';
import { ensureGenesis, publisherObjects } from './node/genesis.ts';
import { startGrpcWebServer } from './node/grpc-web-server.ts';
import { createLedger } from './node/ledger.ts';
import { createPublisher, publisherKey } from './node/publisher.ts';
import { createStepTransactions } from './replay-transactions.ts';
import { withEntry } from './rules/index.ts';
import type { Abort, AbortModule, Draws } from './rules/index.ts';
import { UnsupportedStep, drawsFor, parseStep, senderOf } from './rules/recorded.ts';
import type { Facts } from './rules/recorded.ts';
import { repeatableRandom } from './test-chain.ts';

const people = ['USER', 'N1', 'N2', 'N3'] as const;
const BUDGET_MIST = 10_000_000_000n;
const keyOf = (who: string): Ed25519Keypair =>
  Ed25519Keypair.fromSecretKey(Uint8Array.from(createHash('sha256').update(who).digest()));
const moduleOf = (place: T.MoveLocation, packageId: string): AbortModule => {
  if (place.package === packageId) return `atoma::${place.module}` as AbortModule;
  return `${place.module === 'option' ? 'std' : 'sui'}::${place.module}` as AbortModule;
};

/** The abort behind a failed execution. Throws for a failure that no recording knows. */
const abortOf = (error: T.ExecutionError, packageId: string): Abort => {
  if (error.kind === T.ExecutionError_ExecutionErrorKind.MOVE_PRIMITIVE_RUNTIME_ERROR) return { kind: 'arithmetic' };
  if (error.errorDetails.oneofKind !== 'abort') throw new Error(error.description ?? 'failed');
  const { abort } = error.errorDetails;
  return { kind: 'move', module: moduleOf(abort.location ?? {}, packageId), code: abort.abortCode ?? 0n };
};

/** Money out of nothing as a node's collateral, which no function of the contract gives: the recordings' own means, written past it. */
const putCollateral = (core: ChainCore, id: bigint, amount: bigint): void => {
  const { state, ledger } = core;
  const node = state.world.nodes.get(id);
  if (!node) throw new UnsupportedStep(`there is no node ${id}`);
  const raised = { ...node, collateral: node.collateral + amount };
  const world = { ...state.world, nodes: withEntry(state.world.nodes, id, raised) };
  const put = (draft: ObjectDraft): void => {
    const before = state.store.get(draft.id);
    if (!before) throw new Error('collateral makes no new object');
    const { previousTransaction, storageRebate } = before;
    const after = seal(draft, { version: before.version + 1n, previousTransaction, storageRebate });
    ledger.putObject(after);
    state.store.put(after);
  };
  const impossible = (): never => {
    throw new Error('collateral makes no new object');
  };
  project(state.deployment, state.world, world, state.index, { put, remove: impossible, newId: impossible });
  state.world = world;
};

/** Opens a fresh chain with funded wallets for everybody in the recording. `luck` draws where steps do not tell. */
export async function createReplayChain(generation: Generation, luck?: Draws) {
  let draws: Draws = luck ?? { pick: () => 0, permille: () => 1_000n, nonce: () => 0n };
  const steered: Draws = {
    pick: (candidates) => draws.pick(candidates),
    permille: () => draws.permille(),
    nonce: () => draws.nonce(),
  };
  const ledger = createLedger(openSqlite(':memory:'));
  const deps = { now: () => 1_800_000_000_000, random: repeatableRandom('replay'), log: silentLogger, draws: steered };
  ensureGenesis(ledger, deps, generation);
  const core = createChainCore(ledger, deps);
  const server = await startGrpcWebServer(
    { host: '127.0.0.1', port: 0 },
    { methods: methodsOf(core), faults: () => NO_FAULTS, log: silentLogger },
  );
  const client = new SuiGrpcClient({ network: 'sandbox', baseUrl: server.url });
  const sys = publisherKey(Uint8Array.from(Buffer.from(ledger.meta('publisher_secret') ?? '', 'hex')));
  const publisher = createPublisher(core, sys);
  const { store, deployment } = core.state;
  const own = publisherObjects(core.chainId);
  const keys = new Map<string, Ed25519Keypair>([
    ...people.map((who) => [who, keyOf(who)] as const),
    ['SYS', sys] as const,
  ]);
  for (const who of people) await publisher.sendSui(keyOf(who).toSuiAddress(), 1_000_000_000_000n);
  let lastEvents: readonly T.Event[] = [];

  const addressOf = (who: string): string => keys.get(who)?.toSuiAddress() ?? '';
  const owned = (who: string, type: string): ChainObject[] => [...store.ownedBy('address', addressOf(who), { type })];
  const coinType = coinObjectType(deployment.coinType);
  const gasOf = (who: string): ChainObject | null =>
    who === 'SYS' ? store.get(own.gas) : (owned(who, coinObjectType('0x2::sui::SUI'))[0] ?? null);
  const transactionOf = createStepTransactions({
    deployment,
    managerBadge: () => store.get(own.badge),
    addressOf,
    owned,
    newestTask: () => core.state.world.nextTask - 1n,
  });

  const submit = async (who: string, tx: Transaction): Promise<Abort | null> => {
    const [key, gas] = [keys.get(who), gasOf(who)];
    if (!key || !gas) throw new UnsupportedStep(`${who} is nobody here`);
    tx.setSender(key.toSuiAddress());
    tx.setGasPayment([{ objectId: gas.id, version: String(gas.version), digest: gas.digest }]);
    tx.setGasPrice(1_000n);
    tx.setGasBudget(BUDGET_MIST);
    const { bytes, signature } = await key.signTransaction(await tx.build());
    const { response } = await client.transactionExecutionService.executeTransaction({
      transaction: { bcs: { value: Buffer.from(bytes, 'base64') } },
      signatures: [{ bcs: { value: Buffer.from(signature, 'base64') }, signature: { oneofKind: undefined } }],
      readMask: { paths: ['*'] },
    });
    const executed = response.transaction;
    lastEvents = executed?.events?.events ?? [];
    const status = executed?.effects?.status;
    if (status?.success) return null;
    if (!status?.error) throw new Error('the answer has no status');
    return abortOf(status.error, deployment.packageId);
  };

  return {
    core,
    client,
    people,
    addressOf,
    owned,
    /** Signs and sends any transaction of somebody's; the abort, or null. */
    submit,
    /** Events of the last transaction. */
    events: (): readonly T.Event[] => lastEvents,
    /** Carries one step out; the abort, or null. Throws UnsupportedStep for one that cannot be played. */
    async apply(raw: unknown): Promise<Abort | null> {
      const step = parseStep(generation, raw);
      const who = senderOf(step);
      lastEvents = [];
      draws = luck ?? drawsFor(step);
      const tx = transactionOf(step, who);
      if (tx) return submit(who, tx);
      if (step.op === 'advance_epochs') core.advanceEpoch(Number(step.n));
      if (step.op === 'mint') await publisher.sendCoin(addressOf(step.to), step.amount);
      if (step.op === 'put_collateral') putCollateral(core, step.node, step.amount);
      return null;
    },
    /** What the recorded view is made of, money counted in the coins that exist. */
    facts: (): Facts => {
      const sum = (who: string) => owned(who, coinType).reduce((total, coin) => total + coinBalance(coin), 0n);
      const events = lastEvents.map((event) => event.eventType?.split('::').at(-1) ?? '');
      const claims = ['StackSettlementTicketClaimedEvent', 'ClaimedStackEvent'] as const;
      const refunds = claims.flatMap((name) => {
        const claimed = lastEvents[events.lastIndexOf(name)];
        if (!claimed) return [];
        return [
          contractOf(generation).events[name].parse(claimed.contents?.value ?? new Uint8Array()).userRefundAmount,
        ];
      });
      return {
        world: core.state.world,
        epoch: core.state.epoch,
        wallets: new Map(people.map((who) => [who, sum(who)])),
        events,
        refund: refunds[0] ?? null,
      };
    },
    stop: async (): Promise<void> => {
      await server.stop();
      ledger.close();
    },
  };
}

/** A chain of {@link createReplayChain}. */
export type ReplayChain = Awaited<ReturnType<typeof createReplayChain>>;
