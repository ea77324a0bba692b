/** What programs may read of the node: the facts behind /metrics and the summary for other consoles, taken from the same calls as the window's, so that they never say anything else (issue: "Headless and remote", "Several nodes"). */
import type { Handlers } from '../../src-shared/bridge/index.ts';
import type { FleetSummary } from '../../src-shared/bridge/fleet-calls.ts';
import { stackViewSchema } from '../../src-shared/bridge/views.ts';
import { toAppError } from '../../src-shared/errors.ts';
import type { MetricsFacts } from '../access/metrics-text.ts';

/** The calls that are read; none of them changes anything. */
export type Read = Pick<Handlers, 'app.info' | 'node.get' | 'node.alerts' | 'earnings.get' | 'stacks.list' | 'jobs.list' | 'hardware.get'>;

/** What is not known yet, because keys are locked or the chain was not read, is null; a bug is still a bug. */
async function known<T>(read: Promise<T>): Promise<T | null> {
  try {
    return await read;
  } catch (caught) {
    const error = toAppError(caught);
    if (error.kind === 'bug') throw error;
    return null;
  }
}

const countBy = <K extends string>(names: readonly K[], given: readonly K[]): Record<K, number> => Object.fromEntries(names.map((name) => [name, given.filter((one) => one === name).length])) as Record<K, number>;
const phases = stackViewSchema.shape.phase.options;

/** Facts of the figures. */
export async function metricsFacts(read: Read, process: MetricsFacts['process']): Promise<MetricsFacts> {
  const total = async (stage: 'accepted' | 'rejected' | 'declined' | 'failed'): Promise<number> => (await read['jobs.list']({ limit: 1, before: null, stackSmallId: null, stages: [stage] })).total;
  const [app, node, alerts, earnings, stacks, hardware, requests] = await Promise.all([
    read['app.info']({}),
    read['node.get']({}),
    read['node.alerts']({}),
    known(read['earnings.get']({})),
    known(read['stacks.list']({})),
    known(read['hardware.get']({})),
    known(Promise.all([total('accepted'), total('rejected'), total('declined'), total('failed')])),
  ]);
  const [accepted = 0, rejected = 0, declined = 0, failed = 0] = requests ?? [];
  return {
    version: app.version,
    network: node.network.id,
    coin: node.coin,
    state: node.state,
    stateSinceMs: node.sinceMs,
    linked: node.link.status === 'connected',
    chainReadAtMs: node.chain.readAtMs,
    slots: node.slots,
    subscribedTasks: node.subscribedTasks,
    tokensPerSecond: node.tokensPerSecond,
    requests: requests === null ? null : { accepted, rejected, declined, failed },
    stacks: stacks === null ? null : countBy(phases, stacks.map(({ phase }) => phase)),
    amounts: {
      earned: earnings?.earned.all ?? null,
      pending: earnings?.pending.value ?? null,
      claimable: earnings?.claimable.value ?? null,
      claimed: earnings?.claimed.value ?? null,
      collateral: earnings?.collateral.value ?? null,
    },
    gasMist: earnings?.gasMist ?? null,
    reputation: earnings?.reputation.value ?? null,
    alerts: countBy(['info', 'warning', 'danger'], alerts.map(({ level }) => level)),
    gpus: hardware?.gpus ?? null,
    process,
  };
}

/** The summary for other consoles: no address, no path, no key, nothing of any request. */
export async function fleetSummary(read: Read, atMs: number): Promise<FleetSummary> {
  const [app, node, alerts, earnings] = await Promise.all([read['app.info']({}), read['node.get']({}), read['node.alerts']({}), known(read['earnings.get']({}))]);
  const short = (text: string): string => text.slice(0, 100);
  return {
    v: 1,
    version: short(app.version),
    atMs,
    network: { id: short(node.network.id), name: short(node.network.name), kind: node.network.kind },
    nodeSmallId: node.nodeSmallId,
    state: node.state,
    reason: node.reason,
    sinceMs: node.sinceMs,
    running: node.running.length,
    subscribedTasks: node.subscribedTasks,
    tokensPerSecond: node.tokensPerSecond,
    coin: node.coin,
    earnedToday: earnings?.earned.today ?? null,
    earned30Days: earnings?.earned.days30 ?? null,
    pending: earnings?.pending.value ?? null,
    claimable: earnings?.claimable.value ?? null,
    alerts: alerts.slice(0, 50).map(({ level, message, sinceMs }) => ({ level, message: message.slice(0, 500), sinceMs })),
  };
}
