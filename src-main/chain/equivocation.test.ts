/**
 * One key never says two things: of two machines that hold it, each with its own view of a stack, one settles, one attests, one is paid, and the other takes over what is on chain
 * (architecture.md, "Chain": two transactions on one owned object version; protocol.md 2.3: one ticket per stack; 6.4: a second attestation counts twice).
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Intent, Outcome } from '../../src-shared/bridge/intents.ts';
import { silentLogger } from '../log/logger.ts';
import { createChainStore } from '../store/chain-store.ts';
import { openStore, type Store } from '../store/open.ts';
import type { Chain } from './create-chain.ts';
import { hookedFetch, noWork, startChainFixture, type ChainFixture } from './testing/chain-fixture.ts';

const sampled = 2n;
const units = 1_000n;
const price = 10n;
const [rootHere, rootThere] = ['ab'.repeat(32), 'cd'.repeat(32)];

let fixture: ChainFixture;
let folder = '';
let otherStore: Store;
let here: Chain;
let there: Chain;
/** While it is there: both transactions are built before either is sent, and the one from here is executed first. */
let race: { built: Signal; executed: Signal } | null = null;

type Signal = { give: () => void; given: Promise<void> };
const signal = (): Signal => {
  let give: () => void = () => undefined;
  const given = new Promise<void>((done) => (give = done));
  return { give, given };
};
const fetchHere = hookedFetch('ExecuteTransaction', () => race?.built.given, () => race?.executed.give());
const fetchThere = hookedFetch('ExecuteTransaction', () => {
  race?.built.give();
  return race?.executed.given;
});
const workOf = (root: string) => (id: bigint) => (id === 1n ? { ...noWork, acceptedUnits: units, root: Uint8Array.from(Buffer.from(root, 'hex')) } : noWork);
const onChain = async (name: string): Promise<number> => (await fixture.test.client.listEvents({ filter: { eventType: `${fixture.profile.atomaPackageId}::db::${name}` } })).events.length;
/** Both send what they built without knowing of the other; what became of the second. */
const sendBoth = async (first: Intent, second: Intent): Promise<PromiseSettledResult<Outcome>> => {
  race = { built: signal(), executed: signal() };
  const [won, lost] = await Promise.allSettled([here.execute(first), there.execute(second)]);
  race = null;
  expect(won).toMatchObject({ status: 'fulfilled', value: { status: 'success' } });
  return lost;
};

beforeEach(async () => {
  race = null;
  fixture = await startChainFixture();
  fixture.policies = { ...fixture.policies, autoSettle: false };
  folder = mkdtempSync(join(tmpdir(), 'equivocation-'));
  otherStore = openStore({ dataDir: folder }, { now: () => fixture.clock.nowMs, log: silentLogger });
  here = fixture.open({ stackWork: workOf(rootHere), fetch: fetchHere });
  there = fixture.open({ stackWork: workOf(rootThere), fetch: fetchThere, store: createChainStore(otherStore) });
  await here.execute({ kind: 'register' });
  await here.execute({ kind: 'subscribe', taskSmallId: sampled, price, maxComputeUnits: 2_000_000n });
  await fixture.buy(units, price, sampled);
  // Another deposit: what an attestor is credited was never set aside (protocol.md 5.4).
  await fixture.buy(1_000_000n, price, sampled);
  await Promise.all([here.refresh(), there.refresh()]);
});
afterEach(async () => {
  otherStore.close();
  rmSync(folder, { recursive: true, force: true });
  await fixture.stop();
});

const settle: Intent = { kind: 'settle', stackSmallId: 1n, claimedUnits: units };

it('two machines with one key and two roots: one ticket, which the other takes over and never contradicts', async () => {
  const lost = await sendBoth(settle, settle);
  expect(lost).toMatchObject({ status: 'rejected', reason: { code: 'chain.rejected' } });
  expect(await onChain('StackTrySettleEvent')).toBe(1);
  fixture.policies = { ...fixture.policies, autoSettle: true };
  fixture.clock.nowMs += 600_000;
  await there.reconcile();
  expect(there.stackViews().find((stack) => stack.stackSmallId === 1n)).toMatchObject({ phase: 'challenge', claimedUnits: units });
  await expect(there.execute(settle)).rejects.toMatchObject({ code: 'chain.aborted' });
  expect(await onChain('StackTrySettleEvent')).toBe(1);

  fixture.test.chain.advanceEpoch(2);
  fixture.clock.nowMs += 600_000;
  await Promise.all([here.reconcile(), there.reconcile()]);
  fixture.clock.nowMs += 600_000;
  await Promise.all([here.reconcile(), there.reconcile()]);
  expect(await onChain('StackSettlementTicketClaimedEvent')).toBe(1);
  const paid = [here, there].map((chain) => chain.ledger(100, null).filter(({ kind }) => kind === 'claim').map(({ amount, stackSmallId, digest }) => [amount, stackSmallId, digest]));
  expect(paid[0]).toHaveLength(1);
  expect(paid[1]).toEqual(paid[0]);
});

describe('two machines with one key that were asked to attest', () => {
  const attest = (root: string): Intent => ({ kind: 'attest', stackSmallId: 1n, root });
  beforeEach(async () => {
    await fixture.test.chain.administer({ kind: 'set', parameter: 'set_cross_validation_probability_permille', value: 1_000n });
    await here.execute(settle);
    await there.refresh();
  });
  const counts = async (): Promise<number[]> => [await onChain('NewStackSettlementAttestationEvent'), await onChain('StackSettlementTicketEvent'), await onChain('StackAttestationDisputeEvent')];

  it('and agree, send one and the same transaction, which counts once', async () => {
    const lost = await sendBoth(attest(rootHere), attest(rootHere));
    expect(lost).toMatchObject({ status: 'fulfilled', value: { status: 'success' } });
    expect(await counts()).toEqual([1, 1, 0]);
    await expect(there.execute(attest(rootHere))).rejects.toMatchObject({ code: 'chain.rejected', message: expect.stringContaining('attested that stack already') as string });
    expect(await counts()).toEqual([1, 1, 0]);
  });
  it('and disagree, send one answer: the other is told to build anew, and refused then', async () => {
    const lost = await sendBoth(attest(rootHere), attest(rootThere));
    expect(lost).toMatchObject({ status: 'rejected', reason: { code: 'chain.rejected' } });
    expect(await counts()).toEqual([1, 1, 0]);
    await expect(there.execute(attest(rootThere))).rejects.toMatchObject({ code: 'chain.rejected', message: expect.stringContaining('attested that stack already') as string });
    expect(await counts()).toEqual([1, 1, 0]);
  });
});
