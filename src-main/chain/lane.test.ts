/** The lane against a real sandbox chain: stopped at each boundary, lost requests, lost answers, stale objects, expiry; always exactly one transaction and one booking. */
import { Transaction } from '@mysten/sui/transactions';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { laneBoundaries } from '../core/crash-points.ts';
import { createChainStore } from '../store/chain-store.ts';
import type { Chain } from './create-chain.ts';
import { hookedFetch, noWork, startChainFixture, type ChainFixture } from './testing/chain-fixture.ts';

let fixture: ChainFixture;
let chain: Chain;
beforeEach(async () => {
  fixture = await startChainFixture();
  chain = fixture.open();
  await chain.execute({ kind: 'register' });
  await chain.execute({ kind: 'subscribe', taskSmallId: 1n, price: 7n, maxComputeUnits: 5_000n });
  await fixture.buy(100n, 10n);
  fixture.work.set(1n, { ...noWork, acceptedUnits: 100n });
});
afterEach(() => fixture.stop());

const onChain = async (name: string): Promise<number> =>
  (await fixture.test.client.listEvents({ filter: { eventType: `${fixture.profile.atomaPackageId}::db::${name}` } })).events.length;
const rows = () => fixture.store.db.all("SELECT kind, status FROM chain_tx WHERE kind IN ('settle', 'claim') ORDER BY created_ms, rowid");
const entries = (kind: string) => chain.ledger(100, null).filter((entry) => entry.kind === kind);
/** Nothing was paid that the ledger does not know, and nothing twice. */
const expectExactBooks = async (): Promise<void> => {
  await chain.refresh();
  const sum = (symbol: string): bigint => chain.ledger(500, null).filter(({ coin }) => coin.symbol === symbol).reduce((total, { amount }) => total + amount, 0n);
  expect(chain.snapshot().balances).toEqual({ suiMist: 10_000_000_000n + sum('SUI'), coin: 5_000n + sum('TOMA') });
};
const settleAndClaim = async (): Promise<void> => {
  await chain.reconcile();
  fixture.test.chain.advanceEpoch(2);
  await chain.reconcile();
};

describe('stopped at a boundary and started again', () => {
  it.each(laneBoundaries)('settles exactly once: %s', async (boundary) => {
    const dying = fixture.openStoppingAt(boundary);
    void dying.chain.reconcile();
    await dying.stopped;
    expect(await onChain('StackTrySettleEvent')).toBe(boundary === 'stored' ? 0 : 1);
    expect(rows()).toEqual([{ kind: 'settle', status: 'pending' }]);
    fixture.restart();
    chain = fixture.open();
    await settleAndClaim();
    expect([await onChain('StackTrySettleEvent'), await onChain('StackSettlementTicketClaimedEvent')]).toEqual([1, 1]);
    expect(rows()).toEqual([{ kind: 'settle', status: 'success' }, { kind: 'claim', status: 'success' }]);
    expect(entries('claim').map(({ amount }) => amount)).toEqual([1_000n]);
    await expectExactBooks();
  });
  it.each(laneBoundaries)('claims and books exactly once: %s', async (boundary) => {
    await chain.reconcile();
    fixture.test.chain.advanceEpoch(2);
    const dying = fixture.openStoppingAt(boundary);
    void dying.chain.reconcile();
    await dying.stopped;
    fixture.restart();
    chain = fixture.open();
    await chain.reconcile();
    await chain.reconcile();
    expect(await onChain('StackSettlementTicketClaimedEvent')).toBe(1);
    expect(rows()).toEqual([{ kind: 'settle', status: 'success' }, { kind: 'claim', status: 'success' }]);
    expect(entries('claim').map(({ amount, stackSmallId }) => [amount, stackSmallId])).toEqual([[1_000n, 1n]]);
    await expectExactBooks();
  });
  it('sends the stored bytes again while the keys are locked', async () => {
    const dying = fixture.openStoppingAt('stored');
    void dying.chain.reconcile();
    await dying.stopped;
    fixture.restart();
    fixture.flags.canSign = false;
    chain = fixture.open({ signTransaction: () => Promise.reject(new Error('locked')) });
    await chain.reconcile();
    expect(rows()).toEqual([{ kind: 'settle', status: 'success' }]);
  });
});

it('knows the end of the window with the settlement itself, before the ticket is read', async () => {
  const { stacks, tickets } = createChainStore(fixture.store);
  const ends: unknown[] = [];
  fixture.store.onTopic(() => {
    if (stacks.get(1n)?.state === 'settled') ends.push(tickets.get(1n)?.disputeSettledAtEpoch);
  });
  await chain.execute({ kind: 'settle', stackSmallId: 1n, claimedUnits: 100n });
  const { epoch } = chain.snapshot();
  expect(new Set(ends)).toEqual(new Set([(epoch?.epoch ?? 0n) + 2n]));
});

describe('a lost message', () => {
  const once = (act: () => void): (() => void) => {
    let armed = true;
    return () => {
      if (!armed) return;
      armed = false;
      act();
    };
  };
  const lose = (): never => {
    throw new TypeError('connection lost');
  };
  const settle = { kind: 'settle', stackSmallId: 1n, claimedUnits: 100n } as const;

  it('on the way there: the same bytes are sent again', async () => {
    chain = fixture.open({ fetch: hookedFetch('ExecuteTransaction', once(lose)) });
    expect(await chain.execute(settle)).toMatchObject({ status: 'success' });
    expect(await onChain('StackTrySettleEvent')).toBe(1);
    expect(rows()).toEqual([{ kind: 'settle', status: 'success' }]);
    await expectExactBooks();
  });
  it('on the way back: the effects are looked up by digest', async () => {
    chain = fixture.open({ fetch: hookedFetch('ExecuteTransaction', () => undefined, once(lose)) });
    expect(await chain.execute(settle)).toMatchObject({ status: 'success' });
    expect(await onChain('StackTrySettleEvent')).toBe(1);
    await expectExactBooks();
  });
  it('after which nobody answers: in doubt, nothing else is signed, decided when the chain is back', async () => {
    const { setFaults } = fixture.test.chain;
    chain = fixture.open({ fetch: hookedFetch('ExecuteTransaction', () => undefined, once(() => (setFaults({ drop: true }), lose()))) });
    expect(await chain.execute(settle)).toMatchObject({ status: 'in_doubt', error: { code: 'chain.in_doubt' }, effects: null });
    expect(rows()).toEqual([{ kind: 'settle', status: 'pending' }]);
    expect(chain.stack(1n)?.settling).toBe(true);
    await expect(chain.execute({ kind: 'disable' })).rejects.toMatchObject({ code: 'chain.in_doubt' });
    setFaults({ drop: false });
    fixture.clock.nowMs += 600_000;
    await chain.reconcile();
    expect(rows()).toEqual([{ kind: 'settle', status: 'success' }]);
    expect(await onChain('StackTrySettleEvent')).toBe(1);
    await expectExactBooks();
  });
  it('until its epoch passed: only then it is built again', async () => {
    const down = fixture.open({ fetch: hookedFetch('ExecuteTransaction', lose) });
    expect(await down.execute(settle)).toMatchObject({ status: 'in_doubt' });
    fixture.test.chain.advanceEpoch(1);
    fixture.clock.nowMs += 600_000;
    await down.reconcile();
    expect(rows()).toEqual([{ kind: 'settle', status: 'pending' }]);
    fixture.test.chain.advanceEpoch(1);
    chain = fixture.open();
    fixture.clock.nowMs += 600_000;
    await chain.reconcile();
    expect(rows()).toEqual([{ kind: 'settle', status: 'expired' }, { kind: 'settle', status: 'success' }]);
    expect(await onChain('StackTrySettleEvent')).toBe(1);
    await expectExactBooks();
  });

  const spendGasElsewhere = async (): Promise<void> => {
    const tx = new Transaction();
    tx.transferObjects([tx.splitCoins(tx.gas, [1n])], fixture.address);
    await fixture.test.client.signAndExecuteTransaction({ transaction: tx, signer: fixture.operator });
  };
  it('that finds its gas coin used: refused for good, then built anew', async () => {
    let spent = false;
    chain = fixture.open({
      fetch: hookedFetch('ExecuteTransaction', async () => {
        if (spent) return;
        spent = true;
        await spendGasElsewhere();
      }),
    });
    await expect(chain.execute(settle)).rejects.toMatchObject({ code: 'chain.rejected' });
    await chain.reconcile();
    expect(rows()).toEqual([{ kind: 'settle', status: 'refused' }, { kind: 'settle', status: 'success' }]);
    expect(await onChain('StackTrySettleEvent')).toBe(1);
  });
  it('in doubt whose gas coin was used meanwhile can never be executed, and is known to be dead before its epoch ends', async () => {
    const down = fixture.open({ fetch: hookedFetch('ExecuteTransaction', lose) });
    expect(await down.execute(settle)).toMatchObject({ status: 'in_doubt' });
    await spendGasElsewhere();
    fixture.clock.nowMs += 600_000;
    chain = fixture.open();
    await chain.reconcile();
    expect(rows()).toEqual([{ kind: 'settle', status: 'refused' }, { kind: 'settle', status: 'success' }]);
    expect(await onChain('StackTrySettleEvent')).toBe(1);
  });
  it('by a node that never answers ends by the timeout', async () => {
    let hung = 0;
    const never: typeof fetch = (input, init) =>
      new Promise((_, reject) => {
        hung += 1;
        init?.signal?.addEventListener('abort', () => reject(new TypeError('aborted')));
        void input;
      });
    chain = fixture.open({ fetch: never, timeoutMs: 20 });
    await expect(chain.refresh()).rejects.toMatchObject({ code: 'chain.unreachable' });
    expect(hung).toBe(1);
    expect(chain.snapshot()).toMatchObject({ db: null, health: { status: 'down' } });
  });
});

describe('side by side', () => {
  it('runs intents one after the other, each on the objects the one before left', async () => {
    const outcomes = await Promise.all([
      chain.execute({ kind: 'faucet', amount: 1n }),
      chain.execute({ kind: 'update_subscription', taskSmallId: 1n, price: 8n, maxComputeUnits: 9n }),
      chain.execute({ kind: 'faucet', amount: 2n }),
      chain.execute({ kind: 'settle', stackSmallId: 1n, claimedUnits: 100n }),
    ]);
    expect(outcomes.map(({ status }) => status)).toEqual(['success', 'success', 'success', 'success']);
    expect(new Set(outcomes.map(({ digest }) => digest)).size).toBe(4);
    await expectExactBooks();
  });
  it('keeps the row as the operator needs it: bytes, digest, signature before the first send', async () => {
    let seen: string[] = [];
    chain = fixture.open({
      crashPoint: (boundary) => {
        if (boundary === 'stored') seen = createChainStore(fixture.store).tx.pending(fixture.address).map((row) => `${row.intent.kind} ${row.bytes.length > 100} ${row.signature.length > 80}`);
      },
    });
    await chain.execute({ kind: 'settle', stackSmallId: 1n, claimedUnits: 100n });
    expect(seen).toEqual(['settle true true']);
  });
});
