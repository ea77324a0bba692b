/** Several full nodes: each identified before it is asked, one that lags never takes over, and nothing that was executed is given up because another node does not know it yet. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Chain } from './create-chain.ts';
import { noWork, startChainFixture, type ChainFixture } from './testing/chain-fixture.ts';
import { proxiedFetch, type Proxied } from './testing/proxied-fetch.ts';

let fixture: ChainFixture;
let chain: Chain;
/** Two addresses for the one chain; what each of them is, tests say. */
let proxied: Proxied;
const [a, b] = ['http://127.0.0.1:1', 'http://127.0.0.1:2'];

beforeEach(async () => {
  fixture = await startChainFixture();
  proxied = proxiedFetch(fixture.test.chain.url);
  chain = fixture.open({ fetch: proxied.fetch }, { endpoints: [a, b] });
});
afterEach(() => fixture.stop());

const otherChain = { serviceInfo: { chainId: '11111111111111111111111111111111', epoch: 0n, checkpointHeight: 9n } };
const statuses = () => chain.endpoints().map(({ status }) => status);
const settle = { kind: 'settle', stackSmallId: 1n, claimedUnits: 100n } as const;
const rows = () => fixture.store.db.all("SELECT kind, status FROM chain_tx WHERE kind = 'settle' ORDER BY created_ms, rowid");
const ready = async (): Promise<void> => {
  await chain.execute({ kind: 'register' });
  await chain.execute({ kind: 'subscribe', taskSmallId: 1n, price: 7n, maxComputeUnits: 5_000n });
  await fixture.buy(100n, 10n);
  fixture.work.set(1n, { ...noWork, acceptedUnits: 100n });
  await chain.refresh();
};

describe('endpoints', () => {
  it('are told apart in the view: url, status, chain, epoch, checkpoint', async () => {
    await chain.refresh();
    await chain.refresh();
    const [first, second] = chain.endpoints();
    expect(first).toMatchObject({ url: a, status: 'ok', chainId: fixture.test.chain.chainId, epoch: 0n, lastError: null });
    expect(first?.checkpoint).toBeGreaterThan(0n);
    expect(second?.url).toBe(b);
  });
  it('take over when the one in use dies, after saying which chain they serve', async () => {
    await chain.refresh();
    proxied.set(a, 'dead');
    proxied.calls.length = 0;
    await chain.refresh();
    expect(chain.snapshot().health).toMatchObject({ status: 'ok', endpoint: b });
    expect(proxied.calls.find(([url]) => url === b)?.[1]).toBe('GetServiceInfo');
    expect(statuses()).toEqual(['down', 'ok']);
  });
  it('of another chain are never asked for anything else, nor signed for', async () => {
    chain = fixture.open({ fetch: proxied.fetch }, { endpoints: [a, b], chainId: null });
    await chain.refresh();
    proxied.set(b, otherChain);
    proxied.set(a, 'dead');
    proxied.calls.length = 0;
    await expect(chain.execute({ kind: 'register' })).rejects.toMatchObject({ code: 'network.wrong_chain', fields: { endpoint: b, expected: fixture.test.chain.chainId } });
    expect(new Set(proxied.calls.filter(([url]) => url === b).map(([, method]) => method))).toEqual(new Set(['GetServiceInfo']));
    expect(statuses()).toEqual(['down', 'wrong_chain']);
  });
  it('that turn into another chain between two transactions are found out before the second is signed', async () => {
    let signed = 0;
    chain = fixture.open({ fetch: proxied.fetch, signTransaction: async (bytes) => ((signed += 1), (await fixture.operator.signTransaction(bytes)).signature) }, { endpoints: [a] });
    await chain.execute({ kind: 'register' });
    proxied.set(a, otherChain);
    await expect(chain.execute({ kind: 'disable' })).rejects.toMatchObject({ code: 'network.wrong_chain' });
    expect(signed).toBe(1);
  });
  it('that lag do not take over until they have caught up', async () => {
    await chain.refresh();
    await fixture.test.chain.faucetSui(fixture.address, 5n);
    await chain.refresh();
    proxied.set(b, { serviceInfo: { chainId: fixture.test.chain.chainId, epoch: 0n, checkpointHeight: 0n } });
    proxied.set(a, 'dead');
    await expect(chain.refresh()).rejects.toMatchObject({ kind: 'transient' });
    expect(statuses()).toEqual(['down', 'behind']);
    expect(chain.endpoints()[1]?.lastError?.code).toBe('chain.behind');
    proxied.set(b, 'honest');
    await chain.refresh();
    expect(chain.snapshot().health).toMatchObject({ status: 'ok', endpoint: b });
  });
});

describe('a transaction', () => {
  it('that was executed is not taken for expired because the next node does not know it yet', async () => {
    await ready();
    const dying = fixture.openStoppingAt('submitted');
    void dying.chain.execute(settle);
    await dying.stopped;
    fixture.test.chain.advanceEpoch(3);
    fixture.restart();
    // What answers now is still in the epoch of the transaction and has not seen it.
    proxied.set(a, { serviceInfo: { chainId: fixture.test.chain.chainId, epoch: 0n, checkpointHeight: 1n }, notFound: ['GetTransaction'], silent: ['ExecuteTransaction'] });
    proxied.set(b, 'dead');
    chain = fixture.open({ fetch: proxied.fetch }, { endpoints: [a, b] });
    fixture.clock.nowMs += 600_000;
    await chain.reconcile().catch(() => undefined);
    expect(rows()).toEqual([{ kind: 'settle', status: 'pending' }]);
    proxied.set(a, 'honest');
    fixture.clock.nowMs += 600_000;
    await chain.reconcile();
    expect(rows()).toEqual([{ kind: 'settle', status: 'success' }]);
  });
});
