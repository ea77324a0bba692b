/** Which reads a pushed topic makes old: "jobs changed" says read again, never what changed (architecture.md, main job 10). */
import type { CallName, Topic } from '../../src-shared/bridge/index.ts';

const table: Record<Topic, readonly CallName[]> = {
  node: [
    'wallet.get',
    'hardware.get',
    'inference.providers',
    'models.get',
    'models.list',
    'node.whyIdle',
    'node.get',
    'node.timeline',
    'node.alerts',
    'leave.get',
    'setup.get',
    'settings.get',
  ],
  jobs: [
    'attestations.list',
    'jobs.list',
    'jobs.get',
    'node.get',
    'stacks.list',
    'earnings.get',
    'earnings.series',
    'leave.get',
  ],
  stacks: ['stacks.list', 'earnings.get', 'node.alerts', 'leave.get'],
  engines: ['engines.list', 'models.get'],
  ingress: ['ingress.get'],
  confidential: ['confidential.get', 'tasks.list'],
  economics: ['economics.get', 'ledger.list'],
  ledger: ['wallet.get', 'economics.get', 'ledger.list', 'earnings.get', 'earnings.series', 'stacks.list'],
  chain: [
    'wallet.get',
    'attestations.list',
    'attestations.get',
    'node.whyIdle',
    'node.get',
    'tasks.list',
    'stacks.list',
    'earnings.get',
    'setup.get',
    'leave.get',
    'settings.get',
  ],
  setup: [
    'wallet.get',
    'setup.get',
    'keys.get',
    'models.list',
    'models.get',
    'tasks.list',
    'node.get',
    'settings.get',
    'leave.get',
  ],
  settings: ['wallet.get', 'desktop.get', 'attestations.list', 'settings.get', 'setup.get', 'keys.get', 'node.get'],
  sandbox: ['sandbox.get'],
  logs: ['logs.list'],
  models: ['models.get'],
  hardware: ['hardware.get', 'hardware.history', 'inference.providers'],
  fleet: ['fleet.list'],
  remote: ['remote.get'],
  attestations: ['attestations.list', 'attestations.get', 'node.alerts', 'leave.get', 'stacks.list'],
};

/** Names of the reads to repeat after these topics; `null` among them means all, so the answer is null. */
export function readsToRepeat(topics: Iterable<Topic | null>): ReadonlySet<CallName> | null {
  const names = new Set<CallName>();
  for (const topic of topics) {
    if (topic === null) return null;
    for (const name of table[topic]) names.add(name);
  }
  return names;
}
