/** Leaving on the contract's rules to its end, although a stack can never be paid: its task was removed, or a node that attested it was destroyed (protocol.md 2.3, 2.4; coordinator.md 8, "Leaving"). */
import { Transaction } from '@mysten/sui/transactions';
import { bytesToHex } from '@noble/hashes/utils.js';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { taskBadgeType, type CallName } from '../../src-shared/atoma/index.ts';
import { blake2b256, committedProof, stackLeaf } from '../../src-shared/link/proof.ts';
import type { Chain } from '../chain/create-chain.ts';
import { noWork, startChainFixture, type ChainFixture } from '../chain/testing/chain-fixture.ts';
import type { LeaveRow } from '../core/leave-plan.ts';
import type { Jobs } from '../job/types.ts';
import { createLeaveDriver, type LeaveDriver } from '../leave/leave-driver.ts';
import { silentLogger } from '../log/logger.ts';
import { createTestWallet, type TestWallet } from '../sandbox/chain/test-wallet.ts';
import { createChainStore } from '../store/chain-store.ts';
import type { JobTables } from '../store/job-store.ts';
import { readLeaveFacts } from './leave-facts.ts';

const sampled = 2n;
const units = 100n;
const price = 10n;
const root = blake2b256(Uint8Array.of(1));

let fixture: ChainFixture;
let chain: Chain;
let driver: LeaveDriver;
let row: LeaveRow | null;
/** Tickets of others that this node attested; the session's own rows know them by themselves. */
let attested: readonly bigint[];
let reread: () => Promise<void>;

beforeEach(async () => {
  fixture = await startChainFixture();
  [row, attested] = [null, []];
  chain = fixture.open();
  let stillClaimable = 0;
  const facts = () =>
    readLeaveFacts({
      profile: fixture.profile, chain, chainStore: createChainStore(fixture.store),
      tables: { work: { stackWork: (id: bigint) => fixture.work.get(id) ?? noWork } } as Partial<JobTables> as JobTables,
      jobs: { running: () => [] } as Partial<Jobs> as Jobs,
      cancelWindowMs: () => 0, attestedUnclaimed: () => stillClaimable, now: () => fixture.clock.nowMs,
    });
  reread = async () => {
    await chain.refresh();
    stillClaimable = (await chain.ticketFacts(attested)).filter((ticket) => ticket !== null && ticket.neverClaimed !== true).length;
  };
  driver = createLeaveDriver({
    row: { read: () => row, write: (next) => void (row = next) },
    facts,
    reconcile: () => chain.reconcile(),
    execute: (intent) => chain.execute(intent),
    isDisabling: () => chain.isUnderWay('disable'),
    refresh: () => reread(),
    now: () => fixture.clock.nowMs,
    log: silentLogger,
  });
  expect(await chain.execute({ kind: 'register' })).toMatchObject({ status: 'success' });
}, 60_000);
afterEach(() => fixture.stop());

const offer = (taskSmallId: bigint) => chain.execute({ kind: 'subscribe', taskSmallId, price: 7n, maxComputeUnits: 5_000n });
async function bought(taskSmallId: bigint, used: bigint): Promise<void> {
  await fixture.buy(units, price, taskSmallId);
  await chain.refresh();
  const id = chain.stackViews().reduce((last, { stackSmallId }) => (stackSmallId > last ? stackSmallId : last), 0n);
  fixture.work.set(id, { ...noWork, acceptedUnits: used, root });
}
async function done(running: ReturnType<TestWallet['run']>): Promise<void> {
  const result = await running;
  if (result.$kind === 'FailedTransaction') throw new Error(result.FailedTransaction.status.error?.message ?? 'it failed');
}
const epochs = (count: number): void => fixture.test.chain.advanceEpoch(count);
const phases = () => chain.stackViews().map(({ stackSmallId, phase, strandedBy }) => [stackSmallId, phase, strandedBy]);
const coins = (): bigint | undefined => chain.snapshot().balances?.coin;

/** A node of somebody else with an offer for the sampled task. */
async function otherNode(): Promise<TestWallet> {
  const other = await createTestWallet(fixture.test.chain, fixture.test.client);
  await fixture.test.chain.faucetCoin(other.address, 5_000n);
  await done(other.register());
  await done(other.run(await other.subscribeTx(sampled, 7n, 5_000n)));
  return other;
}
const destroyed = async (other: TestWallet): Promise<void> => {
  const tx = new Transaction();
  tx.moveCall({ target: `${fixture.profile.atomaPackageId}::db::destroy_disabled_node`, arguments: [tx.object(fixture.profile.atomaDbId), tx.object(await other.badgeId())] });
  await done(other.run(tx));
};
const answers = async (other: TestWallet, stackSmallId: bigint): Promise<void> =>
  done(other.run(await other.nodeCall('submit_stack_settlement_attestation', (tx) => [tx.pure.u64(stackSmallId), tx.pure.vector('u8', [...committedProof(root, 1)]), tx.pure.vector('u8', [...stackLeaf(1, root)])])));
/** Somebody else's node leaves for good; this console is off until then. */
async function otherGoes(other: TestWallet): Promise<void> {
  await done(other.run(await other.nodeCall('permanently_disable_node', () => [])));
  epochs(4);
  await destroyed(other);
}
const everyTicketSampled = () => fixture.test.chain.administer({ kind: 'set', parameter: 'set_cross_validation_probability_permille', value: 1_000n });

/** Begins to leave with a used stack whose ticket names another node: parking the offer leaves that one alone to be drawn. */
async function leavesBehindOther(): Promise<TestWallet> {
  await everyTicketSampled();
  await offer(sampled);
  await bought(sampled, units);
  const other = await otherNode();
  driver.start();
  fixture.flags.leaving = true;
  await driver.advance();
  return other;
}
/** Leaves, an epoch at a time; the collateral is back after the seven days at the latest. */
async function leaves(): Promise<void> {
  driver.start();
  fixture.flags.leaving = true;
  await driver.advance();
  for (let day = 0; day < 9 && row?.finishedMs === null; day += 1) {
    epochs(1);
    await reread();
    await driver.advance();
  }
}
function hasLeft(): void {
  expect(row?.finishedMs).not.toBeNull();
  expect(chain.snapshot().registration).toEqual({ registered: false });
}

/** The buyer's task 3, as its owner; `deprecate_task` and `remove_deprecated_task` take its badge. */
async function owned(name: CallName): Promise<void> {
  const { packageId, atomaDbId } = fixture.test.chain;
  const { objects } = await fixture.test.client.listOwnedObjects({ owner: fixture.buyer.address, type: taskBadgeType(packageId) });
  const tx = new Transaction();
  tx.moveCall({ target: `${packageId}::db::${name}`, arguments: [tx.object(atomaDbId), tx.object(objects[0]?.objectId ?? '')] });
  await done(fixture.buyer.run(tx));
}
async function createdTask(): Promise<void> {
  const { packageId, atomaDbId } = fixture.test.chain;
  const tx = new Transaction();
  const none = [tx.pure.option('string', 'sandbox/tiny-chat'), tx.pure.option('u16', null), tx.pure.option('u8', null)];
  tx.moveCall({ target: `${packageId}::db::create_task_entry`, arguments: [tx.object(atomaDbId), tx.pure.u16(0), ...none] });
  await done(fixture.buyer.run(tx));
}

it('comes to its end although the task of a ticket and of an open stack was removed', async () => {
  await createdTask();
  await offer(3n);
  await offer(1n);
  await owned('deprecate_task');
  epochs(1);
  await bought(3n, units); // settled by itself
  await bought(3n, 10n); // stays open
  await bought(1n, units);
  await chain.reconcile();
  epochs(1);
  await owned('remove_deprecated_task');
  epochs(2);
  // The claim takes the one that can be paid; what lost its task is not even tried.
  await chain.refresh();
  await chain.reconcile();
  expect(phases()).toEqual([[3n, 'claimed', null], [2n, 'stranded', 'task_removed'], [1n, 'stranded', 'task_removed']]);
  expect(chain.stackViews().map(({ value, lastError }) => [value, lastError?.message])).toEqual([
    [1_000n, undefined], [100n, undefined], [1_000n, 'The task of this stack was removed; the contract cannot pay it any more.'],
  ]);
  expect(chain.earnings()).toMatchObject({ pending: { value: 0n }, claimable: { value: 0n } });
  await expect(chain.claimNow([1n])).rejects.toMatchObject({ code: 'chain.aborted' });

  await leaves();
  hasLeft();
  expect(coins()).toBe(5_000n + 1_000n);
});

it('comes to its end although a node that attested was destroyed', async () => {
  const other = await leavesBehindOther();
  await answers(other, 1n);
  await otherGoes(other);
  await chain.refresh();
  await chain.refresh();
  expect(phases()).toEqual([[1n, 'stranded', 'attestor_destroyed']]);
  await expect(chain.claimNow([1n])).rejects.toMatchObject({ code: 'chain.aborted' });
  row = null;
  await leaves();
  hasLeft();
  expect(coins()).toBe(5_000n);
});

it('still claims where the node that was destroyed was asked and had not answered', async () => {
  const other = await leavesBehindOther();
  expect(chain.stackViews()[0]?.phase).toBe('challenge');
  await otherGoes(other);
  row = null;
  await leaves();
  hasLeft();
  expect(coins()).toBe(5_000n + 1_200n);
});

it('waits for a ticket of others that it attested, and no longer once the node that settled it is destroyed', async () => {
  await everyTicketSampled();
  const other = await otherNode();
  await fixture.buy(units, price, sampled);
  await offer(sampled);
  await done(other.run(await other.nodeCall('update_node_subscription', (tx) => [sampled, 999n, 5_000n].map((value) => tx.pure.u64(value)))));
  const proof = [[...committedProof(root, 1)], [...stackLeaf(0, root)]];
  await done(other.run(await other.nodeCall('try_settle_stack', (tx) => [tx.pure.u64(1n), tx.pure.u64(units), ...proof.map((bytes) => tx.pure.vector('u8', bytes)), tx.object.random()])));
  expect(await chain.execute({ kind: 'attest', stackSmallId: 1n, root: bytesToHex(root) })).toMatchObject({ status: 'success' });
  attested = [1n];
  expect(await chain.ticketFacts(attested)).toMatchObject([{ selectedNode: 2n, attestedNodes: [1n], neverClaimed: false }]);

  await leaves();
  expect(driver.plan().action).toMatchObject({ kind: 'wait', for: 'attestations' });
  await otherGoes(other);
  await reread();
  await driver.advance();
  hasLeft();
  expect(coins()).toBe(5_000n);
});
