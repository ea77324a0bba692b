/** The operator's whole way on both generations of the contract, each by its own prices, windows, money and aborts (protocol.md 0, 5.4, 5.8). */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { contractOf } from '../../src-shared/atoma/index.ts';
import { parkedPrice, type Intent } from '../../src-shared/bridge/intents.ts';
import { suiCoin } from '../../src-shared/domain/amounts.ts';
import type { Chain } from './create-chain.ts';
import { noWork, startChainFixture, type ChainFixture } from './testing/chain-fixture.ts';

let fixture: ChainFixture;
let chain: Chain;
afterEach(() => fixture.stop());

const open = async (generation: 'G1' | 'G2'): Promise<void> => {
  fixture = await startChainFixture(generation);
  chain = fixture.open();
};
const done = async (intent: Intent): Promise<void> => {
  expect(await chain.execute(intent)).toMatchObject({ status: 'success', error: null });
};
const subscribe = (taskSmallId: bigint, price: bigint): Intent => ({ kind: 'subscribe', taskSmallId, price, maxComputeUnits: 1_000_000n });
const money = () => chain.ledger(100, null).filter(({ kind }) => kind !== 'gas').map(({ kind, amount }) => [kind, amount]).reverse();
const worked = (id: bigint, units: bigint): void => void fixture.work.set(id, { ...noWork, acceptedUnits: units });
const delay = (): number => Number(contractOf(fixture.profile.generation).constants.disputeDelayEpochs);
/** What the wallet has is what the books say. */
const expectExactBooks = async (): Promise<void> => {
  await chain.refresh();
  const sum = (type: string): bigint => chain.ledger(500, null).filter(({ coin }) => coin.type === type).reduce((total, { amount }) => total + amount, 0n);
  expect(chain.snapshot().balances).toEqual({ suiMist: 10_000_000_000n + sum(suiCoin.type), coin: 5_000n + sum(fixture.profile.coin.type) });
};

/** Price of a stack, what its node gets for 900,000 of a million units without and with sampling consensus. */
const figures = { G1: { price: 10n, plain: 9_000_000n, sampled: 10_800_000n }, G2: { price: 10_000_000n, plain: 9_000_000n, sampled: 10_800_000n } };

describe.each(['G1', 'G2'] as const)('%s', (generation) => {
  const { price, plain, sampled } = figures[generation];
  beforeEach(() => open(generation));

  it('registers, sells, settles, waits the window of the contract, claims, and books to the base unit', async () => {
    await done({ kind: 'register' });
    await done(subscribe(1n, price));
    await done(subscribe(2n, price));
    await fixture.buy(1_000_000n, price);
    await fixture.buy(1_000_000n, price, 2n);
    for (const id of [1n, 2n]) worked(id, 900_000n);
    fixture.policies = { ...fixture.policies, settleAtPercent: 90 };
    chain = fixture.open({ attestation: { named: () => undefined, maySettle: () => true } });
    await chain.reconcile();
    expect(chain.stackViews().map(({ phase, value }) => [phase, value])).toEqual([['challenge', sampled], ['challenge', plain]]);
    fixture.test.chain.advanceEpoch(delay() - 1);
    await chain.reconcile();
    expect(chain.stackViews().map(({ phase }) => phase)).toEqual(['challenge', 'challenge']);
    fixture.test.chain.advanceEpoch(1);
    await chain.reconcile();
    expect(chain.stackViews().map(({ phase }) => phase)).toEqual(['claimed', 'claimed']);
    expect(money()).toEqual([...(generation === 'G1' ? [['collateral', -1_000n]] : []), ['claim', plain], ['claim', sampled]]);
    await expectExactBooks();
  });
  it('rebuilds everything from the chain by the key alone, once', async () => {
    await done({ kind: 'register' });
    await done(subscribe(1n, price));
    for (let id = 1n; id <= 3n; id += 1n) {
      await fixture.buy(1_000n, price);
      worked(id, 1_000n);
    }
    await done({ kind: 'settle', stackSmallId: 1n, claimedUnits: 1_000n });
    fixture.test.chain.advanceEpoch(delay());
    await done({ kind: 'claim', stackSmallIds: [1n] });
    await done({ kind: 'settle', stackSmallId: 2n, claimedUnits: 900n });
    await done({ kind: 'withdraw_fees' });
    await chain.refresh();
    const seen = () => ({
      stacks: chain.stackViews().map(({ stackSmallId, phase, claimedUnits, disputeSettledAtEpoch, settleDigest, claimDigest, gasMist, price: at }) => ({ stackSmallId, phase, claimedUnits, disputeSettledAtEpoch, settleDigest, claimDigest, gasMist, at })),
      ledger: chain.ledger(100, null).map(({ digest, kind, amount, stackSmallId, epoch }) => [digest, kind, amount, stackSmallId, epoch]).sort(),
      registration: chain.snapshot().registration,
      subscriptions: [...(chain.snapshot().subscriptions ?? [])],
    });
    const before = seen();
    expect(before.stacks.map(({ phase }) => phase)).toEqual(['working', 'challenge', 'claimed']);
    fixture.reinstall();
    chain = fixture.open();
    await chain.refresh();
    expect(seen()).toEqual(before);
    await chain.refresh();
    expect(seen()).toEqual(before);
  });
  it('says each abort in the words of its generation', async () => {
    const task: Intent = { kind: 'buy_stack', taskSmallId: 1n, computeUnits: 0n, price: 1n };
    expect(await chain.preview(task)).toMatchObject({ possible: false, problem: { code: 'chain.aborted', message: 'Buy at least one unit.' } });
    expect(await chain.preview({ ...task, computeUnits: 1_000n, price: 100_000_000n } as Intent)).toMatchObject({ possible: false });
    expect(await chain.preview({ ...task, computeUnits: 1_000n, price: 1_000n } as Intent)).toMatchObject({ possible: false });
  });
  it('freezes a stack by a dispute, after a preview that says for how long', async () => {
    await done({ kind: 'register' });
    await done(subscribe(2n, price));
    await fixture.buy(1_000n, price, 2n);
    worked(1n, 1_000n);
    await done({ kind: 'settle', stackSmallId: 1n, claimedUnits: 1_000n });
    const dispute: Intent = { kind: 'dispute', stackSmallId: 1n, commitment: 'ab'.repeat(32) };
    const preview = await chain.preview(dispute);
    expect(preview).toMatchObject({ possible: true, irreversible: true });
    expect(preview.warnings[0]).toMatch(/frozen for ever/);
    await done(dispute);
    fixture.test.chain.advanceEpoch(delay());
    await chain.reconcile();
    expect(chain.stackViews()).toMatchObject([{ phase: 'disputed', lastError: { code: 'chain.aborted' } }]);
  });
  it('warns of what unsubscribing breaks, or says nothing where it breaks nothing', async () => {
    await done({ kind: 'register' });
    await done(subscribe(1n, price));
    const preview = await chain.preview({ kind: 'unsubscribe', taskSmallId: 1n });
    expect(preview).toMatchObject({ possible: true, irreversible: true });
    expect(preview.warnings.join(' ')).toMatch(generation === 'G1' ? /unbuyable/ : /^$/);
    await done({ kind: 'update_subscription', taskSmallId: 1n, price: parkedPrice, maxComputeUnits: 1_000_000n });
    expect(chain.snapshot().subscriptions?.get(1n)?.price).toBe(parkedPrice);
  });
  it('attests only what it was asked to, and only once', async () => {
    await done({ kind: 'register' });
    const attest: Intent = { kind: 'attest', stackSmallId: 1n, root: 'ab'.repeat(32) };
    expect(await chain.preview(attest)).toMatchObject({ possible: false, problem: { message: expect.stringContaining('no settlement ticket') as string } });
    await done(subscribe(2n, price));
    await fixture.test.chain.administer({ kind: 'set', parameter: 'set_cross_validation_probability_permille', value: 1_000n });
    await fixture.buy(1_000n, price, 2n);
    // Another deposit: what an attestor is credited was never set aside (protocol.md 5.4).
    await fixture.buy(1_000_000n, price, 2n);
    const root = Uint8Array.from(Buffer.from('ab'.repeat(32), 'hex'));
    chain = fixture.open({ stackWork: () => ({ ...noWork, acceptedUnits: 1_000n, root }) });
    // The only subscriber is drawn to attest itself (protocol.md 5.5).
    await done({ kind: 'settle', stackSmallId: 1n, claimedUnits: 1_000n });
    expect((await chain.preview({ ...attest, root: 'cd'.repeat(32) })).warnings[0]).toMatch(/opens a dispute/);
    expect((await chain.preview(attest)).warnings).toEqual([]);
    await done(attest);
    expect(await chain.preview(attest)).toMatchObject({ possible: false, problem: { message: expect.stringContaining('attested that stack already') as string } });
    fixture.test.chain.advanceEpoch(delay());
    await chain.reconcile();
    expect(chain.stackViews()).toMatchObject([{ phase: 'working' }, { phase: 'claimed' }]);
    // Its own credit as attestor comes with the claim: the same again.
    const fee = (plain * 1_000n * 12n) / (900_000n * 10n);
    expect(money().slice(-2)).toEqual(expect.arrayContaining([['claim', fee], ['fee', fee]]));
    await expectExactBooks();
  });
});

describe('tasks and purchases', () => {
  const task: Intent = { kind: 'create_task', role: 0, modelName: 'my/model', securityLevel: 'none', minimumReputation: 0, isPublic: true };
  it('are open to anyone on G1: created, bought from, retired, removed after the wait', async () => {
    await open('G1');
    await done(task);
    const created = chain.snapshot().tasks?.at(-1);
    expect(created).toMatchObject({ taskSmallId: 3n, modelName: 'my/model', securityLevel: 'none', isDeprecated: false });
    await done({ kind: 'register' });
    await done(subscribe(3n, 2n));
    await done({ kind: 'buy_stack', taskSmallId: 3n, computeUnits: 100n, price: 2n });
    expect(chain.stackViews()).toMatchObject([{ stackSmallId: 1n, owner: fixture.address, numComputeUnits: 100n }]);
    await done({ kind: 'deprecate_task', taskSmallId: 3n });
    expect(await chain.preview({ kind: 'remove_task', taskSmallId: 3n })).toMatchObject({ possible: false, problem: { code: 'chain.aborted' } });
    fixture.test.chain.advanceEpoch(2);
    await done({ kind: 'remove_task', taskSmallId: 3n });
    expect(chain.snapshot().tasks?.some(({ taskSmallId }) => taskSmallId === 3n)).toBe(false);
    await expect(chain.execute({ kind: 'deprecate_task', taskSmallId: 1n })).rejects.toMatchObject({ code: 'chain.no_badge', fields: { badge: 'TaskBadge' } });
    await expectExactBooks();
  });
  it('are the manager\u2019s on G2', async () => {
    await open('G2');
    expect(await chain.preview(task)).toMatchObject({ possible: false, problem: { code: 'chain.no_badge' } });
  });
  it('cost nothing that overflows', async () => {
    await open('G2');
    await chain.refresh();
    expect(await chain.preview({ kind: 'buy_stack', taskSmallId: 1n, computeUnits: 2n ** 40n, price: 2n ** 40n })).toMatchObject({ possible: false, problem: { code: 'chain.overflow' } });
    await done({ kind: 'register' });
    expect(await chain.preview(subscribe(2n, 15_372_286_729n))).toMatchObject({ possible: false, problem: { code: 'chain.overflow' }, warnings: [expect.stringContaining('15372286728')] });
    expect(await chain.preview(subscribe(2n, 15_372_286_728n))).toMatchObject({ possible: true, warnings: [] });
  });
});

describe('a confidential stack of G2', () => {
  beforeEach(async () => {
    await open('G2');
    await done({ kind: 'register' });
    await done(subscribe(3n, 10_000_000n));
    for (let id = 1n; id <= 3n; id += 1n) await fixture.buy(1_000_000n, 10_000_000n, 3n);
    worked(1n, 960_000n);
    worked(2n, 950_001n);
    worked(3n, 10n);
    await chain.refresh();
  });
  it('is claimed in one step, without ticket or window, as many as are due together', async () => {
    await chain.reconcile();
    expect(chain.stackViews().map(({ stackSmallId, phase, value }) => [stackSmallId, phase, value])).toEqual([[3n, 'working', 100n], [2n, 'claimed', 9_500_010n], [1n, 'claimed', 9_600_000n]]);
    expect(money()).toEqual([['claim', 9_600_000n], ['claim', 9_500_010n]]);
    expect(fixture.store.db.all("SELECT kind, status FROM chain_tx WHERE kind LIKE 'claim%' OR kind = 'settle'")).toEqual([{ kind: 'claim_direct', status: 'success' }]);
    expect(chain.stack(1n)?.settling).toBe(true);
    await chain.reconcile();
    await expectExactBooks();
    fixture.reinstall();
    chain = fixture.open();
    await chain.refresh();
    expect(chain.stackViews().map(({ phase }) => phase)).toEqual(['working', 'claimed', 'claimed']);
    expect(money()).toEqual([['claim', 9_600_000n], ['claim', 9_500_010n]]);
  });
  it('takes no work from the moment its claim is on the way, and is left alone when claiming is switched off', async () => {
    fixture.policies = { ...fixture.policies, autoClaim: false };
    await chain.reconcile();
    expect(chain.stackViews().every(({ phase }) => phase === 'working')).toBe(true);
    const claiming = chain.execute({ kind: 'claim_direct', stackSmallIds: [1n], units: [960_000n] });
    await Promise.resolve();
    await claiming;
    expect(chain.stack(1n)?.settling).toBe(true);
    await expect(chain.execute({ kind: 'claim_direct', stackSmallIds: [2n], units: [950_002n] })).rejects.toMatchObject({ code: 'chain.rejected' });
  });
  it('is closed for nothing when the node leaves', async () => {
    fixture.flags.leaving = true;
    await chain.reconcile();
    expect(chain.stackViews().map(({ phase }) => phase)).toEqual(['claimed', 'claimed', 'claimed']);
    expect(money().at(-1)).toEqual(['claim', 100n]);
    await expectExactBooks();
  });
});
