/** Carries recorded steps out on the whole chain, each as a signed transaction in real bytes (format of contract-g1.json). */
import { createHash } from 'node:crypto';
import { G1_EVENTS, coinObjectType, dbType, nodeBadgeType, u64Layout } from '../../../src-shared/atoma/index.ts';
import { GrpcTypes as T } from '@mysten/sui/grpc';
import { Ed25519Keypair } from '@mysten/sui/keypairs/ed25519';
import { Inputs, Transaction } from '@mysten/sui/transactions';
import type { TransactionArgument } from '@mysten/sui/transactions';
import { silentLogger } from '../../log/logger.ts';
import { openSqlite } from '../../platform/sqlite.ts';
import { coinBalance } from './machine/chain-object.ts';
import type { ChainObject } from './machine/chain-object.ts';
import { createChainCore } from './node/chain-core.ts';
import { ensureGenesis } from './node/genesis.ts';
import { createLedger } from './node/ledger.ts';
import { createPublisher, publisherKey } from './node/publisher.ts';
import { publisherObjects } from './node/genesis.ts';
import type { Abort, AbortModule, Draws } from './rules/index.ts';
import { drawsFor, parseStep, securityCode, senderOf } from './rules/recorded.ts';
import type { Facts, Step } from './rules/recorded.ts';
import { repeatableRandom } from './test-chain.ts';

const people = ['USER', 'N1', 'N2', 'N3'] as const;
const keyOf = (who: string): Ed25519Keypair =>
  Ed25519Keypair.fromSecretKey(Uint8Array.from(createHash('sha256').update(who).digest()));
const moduleOf = (place: T.MoveLocation, packageId: string): AbortModule => {
  if (place.package === packageId) return 'atoma::db';
  return `${place.module === 'option' ? 'std' : 'sui'}::${place.module}` as AbortModule;
};

/** Opens a fresh chain with funded wallets for everybody in the recording. */
export async function createReplayChain() {
  let draws: Draws = { pick: () => 0, permille: () => 1_000n, nonce: () => 0n };
  const steered: Draws = { pick: (candidates) => draws.pick(candidates), permille: () => draws.permille(), nonce: () => draws.nonce() };
  const ledger = createLedger(openSqlite(':memory:'));
  const deps = { now: () => 1_800_000_000_000, random: repeatableRandom('replay'), log: silentLogger, draws: steered };
  ensureGenesis(ledger, deps);
  const core = createChainCore(ledger, deps);
  const sys = publisherKey(Uint8Array.from(Buffer.from(ledger.meta('publisher_secret') ?? '', 'hex')));
  const publisher = createPublisher(core, sys);
  const { store, deployment } = core.state;
  const keys = new Map<string, Ed25519Keypair>([
    ...people.map((who) => [who, keyOf(who)] as const),
    ['SYS', sys] as const,
  ]);
  for (const who of people) await publisher.sendSui(keyOf(who).toSuiAddress(), 1_000_000_000_000n);
  let lastEvents: T.Event[] = [];

  const addressOf = (who: string): string => keys.get(who)?.toSuiAddress() ?? '';
  const owned = (who: string, type: string): ChainObject[] =>
    [...store.ownedBy('address', addressOf(who), { type })];
  const ref = (object: ChainObject | undefined) => {
    if (!object) throw new Error('the recording uses an object that nobody has');
    return { objectId: object.id, version: String(object.version), digest: object.digest };
  };
  const toma = coinObjectType(deployment.coinType);
  const sui = coinObjectType('0x2::sui::SUI');

  const submit = async (who: string, tx: Transaction): Promise<Abort | null> => {
    const key = keys.get(who) ?? sys;
    const gas = who === 'SYS' ? store.get(publisherObjects(core.chainId).gas) : owned(who, sui)[0];
    tx.setSender(key.toSuiAddress());
    tx.setGasPayment([ref(gas ?? undefined)]);
    tx.setGasPrice(1_000n);
    tx.setGasBudget(10_000_000_000n);
    const { bytes, signature } = await key.signTransaction(await tx.build());
    const executed = await core.submit(Uint8Array.from(Buffer.from(bytes, 'base64')), [signature]);
    lastEvents = executed.events?.events ?? [];
    const error = executed.effects?.status?.error;
    if (!error) return null;
    if (error.kind === T.ExecutionError_ExecutionErrorKind.MOVE_PRIMITIVE_RUNTIME_ERROR) return { kind: 'arithmetic' };
    if (error.errorDetails.oneofKind !== 'abort') throw new Error(error.description ?? 'failed');
    const { abort } = error.errorDetails;
    const module = moduleOf(abort.location ?? {}, deployment.packageId);
    return { kind: 'move', module, code: abort.abortCode ?? 0n };
  };

  /** Builds one call of `db`; all coins of the wallet become one, an empty wallet a coin of 0. */
  const call = (
    who: string,
    name: string,
    make: (tx: Transaction) => TransactionArgument[],
    wallet = false,
  ): Promise<Abort | null> => {
    const tx = new Transaction();
    const database = tx.object(
      Inputs.SharedObjectRef({ objectId: deployment.atomaDbId, initialSharedVersion: 1, mutable: true }),
    );
    const coins = wallet ? owned(who, toma) : [];
    const [first, ...rest] = coins.map((coin) => tx.object(Inputs.ObjectRef(ref(coin))));
    if (first && rest.length > 0) tx.mergeCoins(first, rest);
    const coin =
      first ?? (wallet ? tx.moveCall({ target: '0x2::coin::zero', typeArguments: [deployment.coinType] }) : null);
    tx.moveCall({
      target: `${deployment.packageId}::db::${name}`,
      arguments: [database, ...(coin ? [coin] : []), ...make(tx)],
    });
    if (coin && !first) tx.transferObjects([coin], addressOf(who));
    return submit(who, tx);
  };
  const badge = (tx: Transaction, who: string) =>
    tx.object(Inputs.ObjectRef(ref(owned(who, nodeBadgeType(deployment.packageId))[0])));
  const taskBadge = (tx: Transaction, who: string, task: bigint) => {
    const wanted = Buffer.from(u64Layout.serialize(task).toBytes());
    const found = owned(who, dbType(deployment.packageId, 'TaskBadge')).find((one) =>
      wanted.equals(one.contents.slice(32)),
    );
    return tx.object(Inputs.ObjectRef(ref(found)));
  };
  const random = (tx: Transaction) =>
    tx.object(Inputs.SharedObjectRef({ objectId: '0x8', initialSharedVersion: 1, mutable: false }));
  const bytes = (tx: Transaction, value: Uint8Array) => tx.pure.vector('u8', [...value]);
  const admin = (name: string, make: (tx: Transaction) => TransactionArgument[]) =>
    call('SYS', name, (tx) => [
      tx.object(Inputs.ObjectRef(ref(store.get(publisherObjects(core.chainId).badge) ?? undefined))),
      ...make(tx),
    ]);
  const nodeCalls = {
    disable_node: 'permanently_disable_node',
    destroy_node: 'destroy_disabled_node',
    withdraw_fees: 'withdraw_fees',
  } as const;

  const run = (step: Step, who: string): Promise<Abort | null> => {
    const newest = core.state.world.nextTask - 1n;
    switch (step.op) {
      case 'set': {
        const name =
          step.param === 'required_registration_collateral' ? 'required_registration_toma_collateral' : step.param;
        return admin(`set_${name}`, (tx) => [tx.pure.u64(step.value)]);
      }
      case 'disable_registration':
      case 'enable_registration':
        return admin(step.op, () => []);
      case 'create_task':
        return call(who, 'create_task_entry', (tx) => [
          tx.pure.u16(step.role),
          tx.pure.option('string', null),
          tx.pure.option('u16', securityCode('G1', step.security)),
          tx.pure.option('u8', step.min_reputation || null),
        ]);
      case 'deprecate_task':
      case 'remove_deprecated_task':
        return call(who, step.op, (tx) => [taskBadge(tx, who, step.task ?? newest)]);
      case 'admin_remove_task':
        return admin('remove_deprecated_task_by_admin', (tx) => [tx.pure.u64(step.task)]);
      case 'register_node':
        return call(who, 'register_node_entry', () => [], true);
      case 'disable_node':
      case 'destroy_node':
      case 'withdraw_fees':
        return call(who, nodeCalls[step.op], (tx) => [badge(tx, who)]);
      case 'subscribe':
      case 'update_subscription': {
        const name = step.op === 'subscribe' ? 'subscribe_node_to_task' : 'update_node_subscription';
        return call(who, name, (tx) => [
          badge(tx, who),
          tx.pure.u64(step.task),
          tx.pure.u64(step.price),
          tx.pure.u64(step.max_units ?? 0n),
        ]);
      }
      case 'unsubscribe':
        return call(who, 'unsubscribe_node_from_task', (tx) => [badge(tx, who), tx.pure.u64(step.task)]);
      case 'acquire':
        return call(
          who,
          'acquire_new_stack_entry',
          (tx) => [tx.pure.u64(step.task), tx.pure.u64(step.units), tx.pure.u64(step.price), random(tx)],
          true,
        );
      case 'settle':
        return call(who, 'try_settle_stack', (tx) => [
          badge(tx, who),
          tx.pure.u64(step.stack),
          tx.pure.u64(step.units),
          bytes(tx, step.proof),
          bytes(tx, step.leaf),
          random(tx),
        ]);
      case 'attest':
        return call(who, 'submit_stack_settlement_attestation', (tx) => [
          badge(tx, who),
          tx.pure.u64(step.stack),
          bytes(tx, step.proof),
          bytes(tx, step.leaf),
        ]);
      case 'dispute':
        return call(who, 'start_attestation_dispute', (tx) => [
          badge(tx, who),
          tx.pure.u64(step.stack),
          bytes(tx, new Uint8Array(32).fill(9)),
        ]);
      case 'claim':
        return call(who, 'claim_funds', (tx) => [badge(tx, who), tx.pure.vector('u64', step.stacks)]);
      default:
        throw new Error(`${step.op} is not a transaction`);
    }
  };

  return {
    core,
    /** Carries one step out; the abort, or null. */
    async apply(raw: unknown): Promise<Abort | null> {
      const step = parseStep('G1', raw);
      lastEvents = [];
      draws = drawsFor(step);
      if (step.op === 'advance_epochs') core.advanceEpoch(Number(step.n));
      else if (step.op === 'mint') await publisher.sendCoin(addressOf(step.to), step.amount);
      else return run(step, senderOf(step));
      return null;
    },
    /** What the recorded view is made of, money counted in the coins that exist. */
    facts: (): Facts => {
      const sum = (who: string) => owned(who, toma).reduce((total, coin) => total + coinBalance(coin), 0n);
      const events = lastEvents.map((event) => event.eventType?.split('::').at(-1) ?? '');
      const claimed = lastEvents[events.lastIndexOf('StackSettlementTicketClaimedEvent')];
      const refund = claimed
        ? G1_EVENTS.StackSettlementTicketClaimedEvent.parse(claimed.contents?.value ?? new Uint8Array())
            .userRefundAmount
        : null;
      return {
        world: core.state.world,
        epoch: core.state.epoch,
        wallets: new Map(people.map((who) => [who, sum(who)])),
        events,
        refund,
      };
    },
    stop: () => ledger.close(),
  };
}
