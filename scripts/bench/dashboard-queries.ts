/** What the dashboard and its neighbours ask of a store with 1,000,000 ledger rows, call by call (product.md, Budgets: under 50 ms). */
import { createMoneyViews } from '../../src-main/chain/money-views.ts';
import type { Observer } from '../../src-main/chain/observer.ts';
import { silentLogger } from '../../src-main/log/logger.ts';
import { testnetG1 } from '../../src-main/network/profiles.ts';
import { createChainStore } from '../../src-main/store/chain-store.ts';
import { createJobTables } from '../../src-main/store/job-store.ts';
import { listJobs, type JobQuery } from '../../src-main/store/job-views.ts';
import { createNodeTransitions } from '../../src-main/store/node-transitions.ts';
import { openStore } from '../../src-main/store/open.ts';
import { suiCoin } from '../../src-shared/domain/amounts.ts';
import type { Benchmark } from './benchmark.ts';
import { fillHistory } from './fill-history.ts';
import { interleave, percentile } from './statistics.ts';

const ledgerRows = 1_000_000;
const rounds = 40;
const nodeSmallId = 5n;

/** The chain as it was last read, so far as the views need it. */
function observerAt(nowMs: number): Observer {
  const settings = { samplingConsensusChargePermille: 1_000n, crossValidationExtraNodesChargePermille: 10n };
  const node = { nodeSmallId, reputation: 100, collateral: 1n };
  const read = { db: settings, epoch: { epoch: 12n }, readAtMs: nowMs };
  return { snapshot: () => read, node: () => node, task: () => ({ modelName: 'sandbox/tiny-chat' }) } as unknown as Observer;
}

export const dashboardQueries: Benchmark = {
  name: 'queries',
  run: async ({ folder, log }) => {
    const nowMs = Date.now();
    const store = openStore({ dataDir: folder('queries') }, { now: Date.now, log: silentLogger });
    try {
      const filled = fillHistory(store, { ledgerRows, nowMs, nodeSmallId, openStacks: 20, coinType: testnetG1.coin.type, gasCoinType: suiCoin.type });
      log(`a store with ${filled.ledgerRows} ledger rows, ${filled.stacks} stacks and ${filled.jobs} requests was made in ${((Date.now() - nowMs) / 1000).toFixed(0)} s`);
      const chainStore = createChainStore(store);
      const { stackWork } = createJobTables(store).work;
      const views = createMoneyViews(testnetG1, { store: chainStore, observer: observerAt(nowMs), stacks: { isUnderWay: () => false, strandedBy: () => null }, stackWork, now: () => nowMs });
      const jobs = (query: Partial<JobQuery>) => () => listJobs(store, { limit: 50, stages: null, stackSmallId: null, before: null, ...query });
      const middle = chainStore.ledger.list(1, null)[0];
      const queries = {
        'earnings.get': () => views.earnings(),
        'earnings.series today': () => views.earningsSeries('today'),
        'earnings.series 30 days': () => views.earningsSeries('days30'),
        'earnings.series all': () => views.earningsSeries('all'),
        'stacks.list': () => views.stackViews(),
        'jobs.list': jobs({}),
        'jobs.list accepted': jobs({ stages: ['accepted', 'duplicate'] }),
        'jobs.list failed': jobs({ stages: ['failed', 'rejected', 'declined'] }),
        'jobs.list later page': jobs({ before: `${nowMs - 500 * 86_400_000}:0` }),
        'ledger.list': () => views.ledger(50, null),
        'ledger.list later page': () => views.ledger(50, middle === undefined ? null : 'claim4000:-1'),
        'node.alerts and node.timeline': () => [views.stackViews(), store.parked(), createNodeTransitions(store).spans(nowMs - 86_400_000)],
      };
      await interleave(3, queries);
      const times = await interleave(rounds, queries);
      return Object.entries(times).map(([name, values]) => ({
        name: `${name} over ${ledgerRows} ledger rows, p95`,
        value: percentile(values, 0.95),
        unit: 'ms',
        reference: null,
        budget: 50,
        of: 'value' as const,
        direction: 'below' as const,
        note: `queries: the functions behind the bridge's calls, over ${filled.ledgerRows} ledger rows, ${filled.stacks} stacks and ${filled.jobs} requests of three years`,
      }));
    } finally {
      store.close();
    }
  },
};
