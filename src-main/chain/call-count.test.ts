/** Reads are batched: a refresh costs a bounded number of calls, whatever number of stacks is open and however many tasks there are (issue 3, item 7). */
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Chain } from './create-chain.ts';
import { noWork, startChainFixture, type ChainFixture } from './testing/chain-fixture.ts';
import { proxiedFetch, type Proxied } from './testing/proxied-fetch.ts';

let fixture: ChainFixture;
let chain: Chain;
let proxied: Proxied;
beforeEach(async () => {
  fixture = await startChainFixture();
  proxied = proxiedFetch(fixture.test.chain.url);
  chain = fixture.open({ fetch: proxied.fetch }, { endpoints: ['http://127.0.0.1:1'] });
  await chain.execute({ kind: 'register' });
  await chain.execute({ kind: 'subscribe', taskSmallId: 1n, price: 7n, maxComputeUnits: 5_000n });
});
afterEach(() => fixture.stop());

const callsOf = async (act: () => Promise<unknown>): Promise<number> => {
  proxied.calls.length = 0;
  await act();
  return proxied.calls.length;
};
const buy = async (count: number): Promise<void> => {
  for (let left = count; left > 0; left -= 1) await fixture.buy(100n, 10n);
  await chain.refresh();
};

it('a round costs as many calls with twenty open stacks as with two, half of them settled', async () => {
  await buy(2);
  const few = await callsOf(() => chain.refresh({ tasks: false }));
  await buy(18);
  for (let id = 1n; id <= 20n; id += 1n) fixture.work.set(id, { ...noWork, acceptedUnits: id <= 10n ? 100n : 1n });
  await chain.reconcile();
  const many = await callsOf(() => chain.refresh({ tasks: false }));
  expect(chain.stackViews().map(({ phase }) => phase).sort()).toEqual([...Array<string>(10).fill('challenge'), ...Array<string>(10).fill('working')]);
  expect(few).toBeLessThanOrEqual(11);
  // One more: tickets are objects of their own.
  expect(many).toBeLessThanOrEqual(few + 1);
});
it('a round that finds nothing new writes nothing', async () => {
  await buy(1);
  const before = fixture.store.db.get('SELECT total_changes() AS n');
  await chain.refresh({ tasks: false });
  expect(fixture.store.db.get('SELECT total_changes() AS n')).toEqual(before);
});
it('reading tasks costs three calls and one for each task that has subscribers', async () => {
  const without = await callsOf(() => chain.refresh({ tasks: false }));
  const withTasks = await callsOf(() => chain.refresh({ tasks: true }));
  expect(withTasks - without).toBeLessThanOrEqual(3 + 1);
});
