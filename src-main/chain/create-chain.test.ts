/** The operator's whole way on a real sandbox chain: register, subscribe, settle, wait, claim, ledger exact to the base unit; refusals; a reinstall. */
import { Transaction } from '@mysten/sui/transactions';
import { toBase64 } from '@mysten/sui/utils';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parkedPrice } from '../../src-shared/bridge/intents.ts';
import { suiCoin } from '../../src-shared/domain/amounts.ts';
import type { NetworkProfile } from '../../src-shared/domain/network-profile.ts';
import type { AppError } from '../../src-shared/errors.ts';
import { blake2b256, committedProof, merkleRoot } from '../../src-shared/link/proof.ts';
import type { Chain } from './create-chain.ts';
import { hookedFetch, noWork, startChainFixture, type ChainFixture } from './testing/chain-fixture.ts';

let fixture: ChainFixture;
let chain: Chain;
beforeEach(async () => {
  fixture = await startChainFixture();
  chain = fixture.open();
});
afterEach(() => fixture.stop());

const entry = (text: string): Uint8Array => blake2b256(new TextEncoder().encode(text));
const subscribe = { kind: 'subscribe', taskSmallId: 1n, price: 7n, maxComputeUnits: 5_000n } as const;
const ready = async (): Promise<void> => {
  expect(await chain.execute({ kind: 'register' })).toMatchObject({ status: 'success', error: null });
  expect(await chain.execute(subscribe)).toMatchObject({ status: 'success' });
};
const ledger = () => chain.ledger(100, null).map(({ kind, amount, stackSmallId, taskSmallId, coin }) => ({ kind, amount, stackSmallId, taskSmallId, symbol: coin.symbol }));
const money = () => ledger().filter(({ kind }) => kind !== 'gas');

describe('reading', () => {
  it('knows nothing before the first reading, and never shows unknown as zero', () => {
    expect(chain.snapshot()).toMatchObject({ registration: null, balances: null, tasks: null, epoch: null, readAtMs: null, health: { status: 'unknown' } });
    expect(chain.earnings().collateral).toEqual({ value: null, source: 'chain', readAtMs: null });
  });
  it('tells tasks, balances and that there is no node yet', async () => {
    await chain.refresh();
    const { registration, balances, tasks, epoch, health } = chain.snapshot();
    expect(registration).toEqual({ registered: false });
    expect(balances).toEqual({ suiMist: 10_000_000_000n, coin: 5_000n });
    expect(tasks?.map(({ taskSmallId, modelName, securityLevel }) => ({ taskSmallId, modelName, securityLevel }))).toEqual([
      { taskSmallId: 1n, modelName: 'sandbox/tiny-chat', securityLevel: 'none' },
      { taskSmallId: 2n, modelName: 'checked', securityLevel: 'sampling-consensus' },
    ]);
    expect(epoch).toMatchObject({ epoch: 0n, durationMs: null });
    expect(health).toMatchObject({ status: 'ok', chainId: fixture.test.chain.chainId, lastError: null });
  });
  it('keeps what was read when the chain goes down, says so, and recovers', async () => {
    await ready();
    fixture.test.chain.setFaults({ drop: true });
    await expect(chain.refresh()).rejects.toMatchObject({ code: 'chain.unreachable' });
    expect(chain.snapshot()).toMatchObject({ registration: { registered: true, node: { collateral: 1_000n, reputation: 50 } }, health: { status: 'down', lastError: { code: 'chain.unreachable' } } });
    fixture.test.chain.setFaults({ drop: false });
    await chain.refresh();
    expect(chain.snapshot().health.status).toBe('ok');
  });
  it('goes on with the next endpoint when the first is dead', async () => {
    chain = fixture.open({}, { endpoints: ['http://127.0.0.1:9', fixture.test.chain.url] });
    await chain.refresh();
    expect(chain.snapshot().health).toMatchObject({ status: 'ok', endpoint: fixture.test.chain.url });
  });
});

describe('refused before anything is signed', () => {
  const id = (digit: string): string => `0x${digit.repeat(64)}`;
  const random = `0x${'0'.repeat(63)}8`;
  it.each<[string, Partial<NetworkProfile>, string, object, RegExp]>([
    ['another chain', { chainId: '11111111111111111111111111111111' }, 'network.wrong_chain', { expected: '11111111111111111111111111111111' }, /Correct the endpoint/],
    ['an unknown database', { atomaDbId: id('7') }, 'network.wrong_db', { objectId: id('7'), detail: 'there is no such object on this chain' }, /Correct the database id/],
    ['a database of another type', { atomaDbId: random }, 'network.wrong_db', { objectId: random }, /it is a 0x0*2::random::Random/],
    ['an unknown package', { atomaPackageId: id('5') }, 'network.unknown_package', { packageId: id('5') }, /Correct the package id/],
    ['a package that is something else', { atomaPackageId: `0x${'0'.repeat(63)}2` }, 'network.unknown_package', {}, /Correct the package id/],
    ['another generation', { generation: 'G2' }, 'network.wrong_generation', { found: 'G1', expected: 'G2' }, /Set the generation to G1/],
    ['another coin', { coin: { type: `${id('4')}::usdc::USDC`, symbol: 'USDC', decimals: 6 } }, 'network.wrong_coin', { expected: `${id('4')}::usdc::USDC` }, /Correct the coin/],
    ['a faucet that is none', { faucet: { packageId: id('4'), objectId: id('4') } }, 'network.wrong_faucet', { objectId: id('4') }, /Correct the faucet/],
    ['a badge that does not exist', { badgeId: id('3') }, 'network.wrong_badge', { badgeId: id('3'), found: 'there is no such object' }, /Choose a badge of/],
    ['a badge of something else', { badgeId: random }, 'network.wrong_badge', { badgeId: random }, /it is a 0x0*2::random::Random/],
  ])('%s', async (_, change, code, fields, sentence) => {
    let signed = 0;
    const signTransaction = async (): Promise<string> => {
      signed += 1;
      return '';
    };
    chain = fixture.open({ signTransaction }, change);
    const error = (await chain.execute({ kind: 'register' }).catch((caught: unknown) => caught)) as AppError;
    expect(error).toMatchObject({ code, fields, kind: 'refused' });
    expect(error.message).toMatch(sentence);
    expect(error.message).not.toContain('?');
    expect(signed).toBe(0);
  });
  it('a badge that another wallet holds', async () => {
    await chain.execute({ kind: 'register' });
    const { registration } = chain.snapshot();
    const badgeId = registration?.registered === true ? registration.node.badgeId : '';
    const stranger = `0x${'9'.repeat(64)}`;
    await expect(fixture.open({ walletAddress: () => stranger }, { badgeId }).refresh()).rejects.toMatchObject({ code: 'network.wrong_badge', fields: { found: 'another wallet holds it' } });
    await expect(fixture.open({}, { badgeId }).refresh()).resolves.toBeUndefined();
  });
  it('a chain other than the one met first, though the profile names none', async () => {
    chain = fixture.open({}, { chainId: null });
    await chain.refresh();
    fixture.store.db.run("UPDATE chain_pins SET chain_id = 'another'");
    chain = fixture.open({}, { chainId: null });
    await expect(chain.refresh()).rejects.toMatchObject({ code: 'network.wrong_chain' });
    expect(chain.snapshot().health).toMatchObject({ status: 'down', lastError: { code: 'network.wrong_chain' } });
  });
});

describe('preview', () => {
  it('shows what registering locks, merging coins when the largest is too small', async () => {
    const preview = await chain.preview({ kind: 'register' });
    expect(preview).toMatchObject({ possible: true, problem: null, irreversible: false, changes: [{ coin: { symbol: 'TOMA' }, amount: -1_000n }] });
    expect(preview.gasMist).not.toBeNull();
    expect((await fixture.test.client.getBalance({ owner: fixture.address, coinType: fixture.profile.coin.type })).balance.balance).toBe('5000');
  });
  it('translates an abort by the generation', async () => {
    await ready();
    expect(await chain.preview(subscribe)).toMatchObject({ possible: false, problem: { code: 'chain.aborted', message: 'Already subscribed; use "change price".' }, gasMist: null });
    await expect(chain.execute(subscribe)).rejects.toMatchObject({ code: 'chain.aborted', message: 'Already subscribed; use "change price".' });
    expect(await chain.preview({ kind: 'subscribe', taskSmallId: 99n, price: 1n, maxComputeUnits: 1n })).toMatchObject({ problem: { message: 'No such task; it may have been removed.' } });
    expect(await chain.preview({ kind: 'destroy' })).toMatchObject({ possible: false, irreversible: true });
    expect(await chain.preview({ kind: 'register' })).toMatchObject({ problem: { code: 'chain.already_registered' } });
  });
  it('is not refused for coins that a transaction of ours is changing', async () => {
    await ready();
    const transfer = { kind: 'transfer', coin: 'SUI', amount: 1n, to: fixture.address } as const;
    const update = (price: bigint) => chain.execute({ ...subscribe, kind: 'update_subscription', price });
    const running = Promise.all([update(7n), update(8n), update(9n)]);
    const previews = await Promise.all(Array.from({ length: 6 }, () => chain.preview(transfer)));
    expect(previews.map(({ possible, problem }) => ({ possible, problem }))).toEqual(previews.map(() => ({ possible: true, problem: null })));
    expect((await running).map(({ status }) => status)).toEqual(['success', 'success', 'success']);
  });
  it('says that gas or coins are missing', async () => {
    const poor = `0x${'3'.repeat(64)}`;
    expect(await fixture.open({ walletAddress: () => poor }).preview({ kind: 'register' })).toMatchObject({ possible: false, problem: { code: 'chain.insufficient_gas' } });
    expect(await chain.preview({ kind: 'transfer', coin: 'network', amount: 5_001n, to: poor })).toMatchObject({ problem: { code: 'chain.insufficient_coin' } });
  });
  it('keeps the gas reserve of a registered node when SUI is sent away', async () => {
    const to = `0x${'3'.repeat(64)}`;
    await ready();
    expect(await chain.preview({ kind: 'transfer', coin: 'SUI', amount: 9_900_000_000n, to })).toMatchObject({ possible: false, problem: { code: 'chain.insufficient_gas' } });
    expect(await chain.preview({ kind: 'transfer', coin: 'SUI', amount: 5n, to })).toMatchObject({ possible: true, changes: [{ coin: suiCoin, amount: -5n }] });
  });
});

describe('earning', () => {
  it('settles, waits out the window, claims once and books exact integers', async () => {
    await ready();
    await fixture.buy(1_000n, 10n);
    await chain.reconcile();
    expect(chain.stack(1n)).toMatchObject({ taskSmallId: 1n, selectedNode: 1n, numComputeUnits: 1_000n, price: 10n, settling: false, mine: true, samplingConsensus: false });
    expect(chain.stackViews()).toMatchObject([{ phase: 'working', usedUnits: 0n, value: 0n }]);

    const root = merkleRoot([entry('1'), entry('2'), entry('3')]);
    fixture.work.set(1n, { ...noWork, acceptedUnits: 949n, root });
    await chain.reconcile();
    expect(chain.stackViews()[0]).toMatchObject({ phase: 'working', usedUnits: 949n, value: 9_490n });
    fixture.work.set(1n, { ...noWork, acceptedUnits: 950n, awaitingAck: 1, root });
    await chain.reconcile();
    expect(chain.stack(1n)?.settling).toBe(false);
    fixture.work.set(1n, { ...noWork, acceptedUnits: 950n, root });
    await chain.reconcile();
    expect(chain.stack(1n)?.settling).toBe(true);
    expect(chain.stackViews()[0]).toMatchObject({ phase: 'challenge', claimedUnits: 950n, value: 9_500n, disputeSettledAtEpoch: 2n, epoch: 0n });
    const { events } = await fixture.test.client.listEvents({ filter: { eventType: `${fixture.profile.atomaPackageId}::db::StackTrySettleEvent` } });
    expect(Buffer.from(events[0]?.bcs ?? []).includes(Buffer.from(committedProof(root, 1)))).toBe(true);

    fixture.test.chain.advanceEpoch(1);
    await chain.reconcile();
    expect(chain.stackViews()[0]?.phase).toBe('challenge');
    expect(chain.earnings()).toMatchObject({ pending: { value: 9_500n }, claimable: { value: 0n }, claimed: { value: 0n } });
    fixture.policies = { ...fixture.policies, autoClaim: false };
    fixture.test.chain.advanceEpoch(1);
    await chain.reconcile();
    expect(chain.earnings()).toMatchObject({ pending: { value: 0n }, claimable: { value: 9_500n } });
    fixture.policies = { ...fixture.policies, autoClaim: true };
    await chain.reconcile();

    expect(chain.stackViews()[0]).toMatchObject({ phase: 'claimed', lastError: null });
    expect(money()).toEqual([
      { kind: 'claim', amount: 9_500n, stackSmallId: 1n, taskSmallId: 1n, symbol: 'TOMA' },
      { kind: 'collateral', amount: -1_000n, stackSmallId: null, taskSmallId: null, symbol: 'TOMA' },
    ]);
    expect(chain.snapshot().balances?.coin).toBe(5_000n - 1_000n + 9_500n);
    // Every MIST is accounted for: what the wallet lost is what the ledger says gas cost.
    const gas = ledger().filter(({ kind }) => kind === 'gas').reduce((sum, { amount }) => sum + amount, 0n);
    expect(10_000_000_000n + gas).toBe(chain.snapshot().balances?.suiMist);
    expect(chain.earnings()).toMatchObject({ claimed: { value: 9_500n }, gasMist: -gas });
    const booked = ledger();
    await chain.reconcile();
    expect(ledger()).toEqual(booked);
  });

  it('claims several stacks in one transaction, once an epoch', async () => {
    await ready();
    for (const units of [100n, 200n, 300n]) await fixture.buy(units, 10n);
    fixture.work.set(1n, { ...noWork, acceptedUnits: 100n }).set(2n, { ...noWork, acceptedUnits: 195n }).set(3n, { ...noWork, acceptedUnits: 1n, lastAcceptedAtMs: fixture.clock.nowMs });
    await chain.reconcile();
    expect(chain.stackViews().map(({ phase }) => phase)).toEqual(['working', 'challenge', 'challenge']);
    fixture.clock.nowMs += 600_000;
    await chain.reconcile();
    expect(chain.stackViews()[0]).toMatchObject({ stackSmallId: 3n, phase: 'challenge', claimedUnits: 1n });
    fixture.test.chain.advanceEpoch(2);
    await chain.reconcile();
    const claims = chain.ledger(100, null).filter(({ kind }) => kind === 'claim');
    expect(new Set(claims.map(({ digest }) => digest)).size).toBe(1);
    expect(claims.map(({ stackSmallId, amount }) => [stackSmallId, amount]).sort()).toEqual([[1n, 1_000n], [2n, 1_950n], [3n, 10n]]);
  });

  it('leaves a claim to a later epoch while its gas is worth more at the rates', async () => {
    await ready();
    let worth = 0n;
    const asked: bigint[] = [];
    chain = fixture.open({ gasWorth: (mist) => (asked.push(mist), worth) });
    for (const id of [1n, 2n]) await fixture.buy(100n, 10n).then(() => fixture.work.set(id, { ...noWork, acceptedUnits: id === 1n ? 100n : 0n }));
    const skip = async (): Promise<void> => {
      fixture.test.chain.advanceEpoch(2);
      await chain.reconcile();
    };
    const phases = (): string[] => chain.stackViews().map(({ stackSmallId, phase }) => `${stackSmallId} ${phase}`).sort();
    await chain.reconcile();
    // The first claim says what gas costs; before it nobody knows.
    await skip();
    expect(phases()).toEqual(['1 claimed', '2 working']);
    // The second stack pays 1,000.
    worth = 1_001n;
    fixture.work.set(2n, { ...noWork, acceptedUnits: 100n });
    await chain.reconcile();
    await skip();
    expect(phases()).toEqual(['1 claimed', '2 claimable']);
    expect(asked).not.toEqual([]);
    worth = 1_000n;
    await chain.reconcile();
    expect(phases()).toEqual(['1 claimed', '2 claimed']);
  });

  it('finds the one stack that cannot be claimed by splitting the batch', async () => {
    await ready();
    for (const id of [1n, 2n, 3n]) {
      await fixture.buy(100n, 10n);
      fixture.work.set(id, { ...noWork, acceptedUnits: 100n });
    }
    await chain.reconcile();
    await fixture.buyer.register();
    fixture.test.chain.advanceEpoch(2);
    // Another node disputes the second stack between the reading and the claim.
    let armed = true;
    const dispute = async (): Promise<void> => {
      armed = false;
      await fixture.buyer.run(await fixture.buyer.nodeCall('start_attestation_dispute', (tx) => [tx.pure.u64(2n), tx.pure.vector('u8', [1])]));
    };
    chain = fixture.open({ fetch: hookedFetch('SimulateTransaction', () => (armed ? dispute() : undefined)) });
    await chain.reconcile();
    expect(armed).toBe(false);
    expect(chain.stackViews().map(({ stackSmallId, phase }) => [stackSmallId, phase])).toEqual([[3n, 'claimed'], [2n, 'disputed'], [1n, 'claimed']]);
    expect(chain.stackViews()[1]?.lastError?.message).toBe('The stack is disputed; the contract has no function that ends a dispute.');
    expect(chain.snapshot().balances?.coin).toBe(4_000n + 2_000n);
  });

  it('does nothing while the keys are locked, and everything afterwards', async () => {
    await ready();
    await fixture.buy(100n, 10n);
    fixture.work.set(1n, { ...noWork, acceptedUnits: 100n });
    fixture.flags.canSign = false;
    await chain.reconcile();
    expect(chain.stackViews()[0]?.phase).toBe('working');
    fixture.flags.canSign = true;
    await chain.reconcile();
    expect(chain.stackViews()[0]?.phase).toBe('challenge');
  });

  it('settles an unused stack for 0 units when leaving, so that the buyer is refunded in full', async () => {
    await ready();
    await fixture.buy(100n, 10n);
    const before = await fixture.buyer.balance(fixture.profile.coin.type);
    await chain.reconcile();
    expect(chain.stackViews()[0]?.phase).toBe('working');
    fixture.flags.leaving = true;
    await chain.reconcile();
    fixture.test.chain.advanceEpoch(2);
    await chain.reconcile();
    expect(chain.stackViews()[0]).toMatchObject({ phase: 'claimed', claimedUnits: 0n });
    expect(await fixture.buyer.balance(fixture.profile.coin.type)).toBe(before + 1_000n);
  });

  it('never claims more units than were acknowledged', async () => {
    await ready();
    await fixture.buy(100n, 10n);
    await chain.refresh();
    fixture.work.set(1n, { ...noWork, acceptedUnits: 40n });
    await expect(chain.execute({ kind: 'settle', stackSmallId: 1n, claimedUnits: 41n })).rejects.toMatchObject({ code: 'chain.rejected' });
    expect(await chain.settleNow(1n)).toMatchObject({ status: 'success' });
    expect(chain.stackViews()[0]?.claimedUnits).toBe(40n);
  });
});

describe('facts for the dispatch rules', () => {
  it('reads an unknown stack once more, its own and others', async () => {
    await ready();
    await fixture.buy(100n, 10n);
    expect(chain.stack(1n)).toBeNull();
    expect(await chain.refreshStack(1n)).toMatchObject({ mine: true, settling: false });
    expect(chain.stack(1n)).toMatchObject({ mine: true });
    expect(await chain.refreshStack(2n)).toBeNull();
    expect([...chain.subscribedTasks()]).toEqual([1n]);
    const other = fixture.open({ walletAddress: () => fixture.buyer.address });
    expect(await other.refreshStack(1n)).toMatchObject({ mine: false, selectedNode: 1n });
  });
});

describe('leaving', () => {
  it('parks and restores prices, through a restart', async () => {
    await ready();
    await chain.park();
    expect(chain.snapshot().subscriptions?.get(1n)?.price).toBe(parkedPrice);
    fixture.restart();
    chain = fixture.open();
    await chain.park();
    await chain.restore();
    expect(chain.snapshot().subscriptions?.get(1n)).toMatchObject({ price: 7n, maxComputeUnits: 5_000n });
  });
  it('disables, waits and gets the collateral back to the unit', async () => {
    await ready();
    expect(await chain.execute({ kind: 'disable' })).toMatchObject({ status: 'success' });
    expect(chain.snapshot().registration).toMatchObject({ node: { disabledAtEpoch: 0n } });
    await expect(chain.execute({ kind: 'destroy' })).rejects.toMatchObject({ code: 'chain.aborted' });
    fixture.test.chain.advanceEpoch(4);
    expect(await chain.execute({ kind: 'destroy' })).toMatchObject({ status: 'success' });
    expect(chain.snapshot()).toMatchObject({ registration: { registered: false }, balances: { coin: 5_000n } });
    expect(money().map(({ kind, amount }) => [kind, amount])).toEqual([['collateral_returned', 1_000n], ['collateral', -1_000n]]);
  });
});

describe('history', () => {
  it('leaves to the lane what the lane has not looked up yet, so that no part of it is booked twice', async () => {
    await ready();
    await chain.execute({ kind: 'disable' });
    fixture.test.chain.advanceEpoch(4);
    await chain.refresh();
    const dying = fixture.openStoppingAt('submitted');
    void dying.chain.execute({ kind: 'destroy' });
    await dying.stopped;
    fixture.restart();
    chain = fixture.open();
    await chain.refresh();
    expect(money().filter(({ kind }) => kind === 'collateral_returned')).toEqual([]);
    await chain.reconcile();
    expect(money().filter(({ kind }) => kind === 'collateral_returned').map(({ amount }) => amount)).toEqual([1_000n]);
  });
  it('is rebuilt from the chain by the key alone after a reinstall', async () => {
    await ready();
    expect(await chain.execute({ kind: 'faucet', amount: 123n })).toMatchObject({ status: 'success' });
    expect(await chain.execute({ kind: 'transfer', coin: 'SUI', amount: 5n, to: fixture.buyer.address })).toMatchObject({ status: 'success' });
    await fixture.buy(100n, 10n);
    await fixture.buy(100n, 11n);
    fixture.work.set(1n, { ...noWork, acceptedUnits: 97n });
    await chain.reconcile();
    fixture.test.chain.advanceEpoch(2);
    await chain.reconcile();
    const before = { ledger: ledger(), stacks: chain.stackViews().map(({ stackSmallId, phase, settleDigest, claimDigest }) => ({ stackSmallId, phase, settleDigest, claimDigest })) };
    expect(before.ledger.map(({ kind }) => kind)).toEqual(expect.arrayContaining(['claim', 'faucet', 'transfer', 'collateral', 'gas']));
    fixture.reinstall();
    chain = fixture.open();
    await chain.refresh();
    const byText = (rows: readonly object[]): string[] => rows.map((row) => JSON.stringify(row, (_, value: unknown) => (typeof value === 'bigint' ? String(value) : value))).sort();
    expect(byText(ledger())).toEqual(byText(before.ledger));
    expect(chain.stackViews().map(({ stackSmallId, phase, settleDigest, claimDigest }) => ({ stackSmallId, phase, settleDigest, claimDigest }))).toEqual(before.stacks);
  });
});

describe('a foreign transaction', () => {
  it('is recognised as one intent, in JSON and in bytes', async () => {
    await ready();
    const tx = await fixture.buyer.nodeCall('claim_funds', (one) => [one.pure.vector('u64', [4n, 9n])]);
    expect(await chain.recognise(JSON.stringify(tx.getData()))).toEqual({ kind: 'claim', stackSmallIds: [4n, 9n] });
    const send = new Transaction();
    send.setSender(fixture.address);
    send.transferObjects([send.splitCoins(send.gas, [77n])], fixture.buyer.address);
    expect(await chain.recognise(await send.toJSON())).toEqual({ kind: 'transfer', coin: 'SUI', amount: 77n, to: fixture.buyer.address });
    expect(await chain.recognise(toBase64(await send.build({ client: fixture.test.client })))).toMatchObject({ kind: 'transfer' });
  });
  it.each(['', '{}', 'AAAA', '{"version":2}'])('%s is refused', async (text) => {
    await expect(chain.recognise(text)).rejects.toMatchObject({ code: 'intent.not_allowed' });
  });
  it('passes reads to the endpoint and nothing that writes', async () => {
    const call = { contentType: 'application/grpc-web+proto', body: Buffer.from([0, 0, 0, 0, 0]).toString('base64') };
    const answer = await chain.chainRead({ ...call, method: '/sui.rpc.v2.LedgerService/GetServiceInfo' });
    expect(answer.status).toBe(200);
    expect(Buffer.from(answer.body, 'base64').toString('latin1')).toContain(fixture.test.chain.chainId);
    await expect(chain.chainRead({ ...call, method: '/sui.rpc.v2.TransactionExecutionService/ExecuteTransaction' })).rejects.toMatchObject({ code: 'bridge.bad_input' });
  });
});
