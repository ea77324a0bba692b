/** The node's figures in Prometheus's text format; what is not known has no sample, and is never 0 (docs/metrics.md documents every name; product.md, rules). */
import { Gauge, Registry } from 'prom-client';
import { nodeStateSchema, type NodeState } from '../../src-shared/domain/node-state.ts';

/** A value with its labels. */
type Sample = { labels?: Record<string, string>; value: number | bigint | null };

/** What the figures are made of; null is "not known". */
export type MetricsFacts = {
  version: string;
  network: string;
  /** Symbol and decimals of the network's coin. */
  coin: { symbol: string; decimals: number };
  state: NodeState;
  stateSinceMs: number;
  linked: boolean;
  chainReadAtMs: number | null;
  slots: { used: number; total: number };
  subscribedTasks: number;
  tokensPerSecond: number | null;
  requests: { accepted: number; rejected: number; declined: number; failed: number } | null;
  stacks: Readonly<Record<string, number>> | null;
  amounts: { earned: bigint | null; pending: bigint | null; claimable: bigint | null; claimed: bigint | null; collateral: bigint | null };
  gasMist: bigint | null;
  reputation: number | null;
  alerts: Readonly<Record<'info' | 'warning' | 'danger', number>>;
  /** GPUs as the Hardware page shows them, each gauge null where its driver does not tell; null when they were not read. */
  gpus: readonly GpuFacts[] | null;
  process: { startedMs: number; residentBytes: number; cpuSeconds: number };
};

/** A GPU and its gauges. */
export type GpuFacts = { id: string; vendor: string; model: string; enabled: boolean; utilPct: number | null; tempC: number | null; powerW: number | null; powerLimitW: number | null; vramUsedMib: number | null; vramTotalMib: number | null };

/** One figure: name, help, and how it is read. */
export type Metric = { name: string; help: string; labels?: readonly string[]; read(facts: MetricsFacts): Sample[] };

const one = (value: Sample['value']): Sample[] => [{ value }];
const seconds = (ms: number | null): number | null => (ms === null ? null : ms / 1_000);
const counted = (label: string, counts: Readonly<Record<string, number>> | null): Sample[] => (counts === null ? [] : Object.entries(counts).map(([name, value]) => ({ labels: { [label]: name }, value })));
/** Whole coins: a float carries 15 digits; exact base units are in the console and its CSV. */
const coins = (value: bigint | null, decimals: number): number | null => (value === null ? null : Number(value) / 10 ** decimals);

/** A value of each GPU. Two cards of one model differ by their id. */
const eachGpu = ({ gpus }: MetricsFacts, value: (gpu: GpuFacts) => number | null): Sample[] => (gpus ?? []).map((gpu) => ({ labels: { gpu: gpu.id, model: gpu.model }, value: value(gpu) }));
const gpuLabels = ['gpu', 'model'] as const;
/** Prometheus counts in base units. */
const bytesOfMib = (mib: number | null): number | null => (mib === null ? null : mib * 1_048_576);

/** Every figure, in the order of docs/metrics.md. */
export const metrics: readonly Metric[] = [
  { name: 'console_info', help: 'Always 1; labels name the version and the network.', labels: ['version', 'network', 'coin'], read: ({ version, network, coin }) => [{ labels: { version, network, coin: coin.symbol }, value: 1 }] },
  { name: 'console_node_state', help: '1 for the state that the node is in, 0 for the others.', labels: ['state'], read: ({ state }) => nodeStateSchema.options.map((name) => ({ labels: { state: name }, value: name === state ? 1 : 0 })) },
  { name: 'console_node_state_since_seconds', help: 'Unix time at which the node came into its state.', read: ({ stateSinceMs }) => one(seconds(stateSinceMs)) },
  { name: 'console_link_up', help: '1 while the node is linked to the coordinator.', read: ({ linked }) => one(linked ? 1 : 0) },
  { name: 'console_chain_read_seconds', help: 'Unix time of the last reading of the chain; absent before the first.', read: ({ chainReadAtMs }) => one(seconds(chainReadAtMs)) },
  { name: 'console_slots', help: 'Requests that the node serves at once.', read: ({ slots }) => one(slots.total) },
  { name: 'console_slots_used', help: 'Requests that run now.', read: ({ slots }) => one(slots.used) },
  { name: 'console_subscribed_tasks', help: 'Tasks that the node is subscribed to.', read: ({ subscribedTasks }) => one(subscribedTasks) },
  { name: 'console_tokens_per_second', help: 'Speed of the newest generation in tokens a second; absent before the first.', read: ({ tokensPerSecond }) => one(tokensPerSecond) },
  { name: 'console_requests', help: 'Requests on record by outcome.', labels: ['outcome'], read: ({ requests }) => counted('outcome', requests) },
  { name: 'console_stacks', help: 'Stacks by phase.', labels: ['phase'], read: ({ stacks }) => counted('phase', stacks) },
  { name: 'console_earned_coins', help: "Acknowledged work at the stacks' prices since the start of the record, in whole coins.", read: ({ amounts, coin }) => one(coins(amounts.earned, coin.decimals)) },
  { name: 'console_pending_coins', help: 'Acknowledged work of stacks that cannot be claimed yet, in whole coins.', read: ({ amounts, coin }) => one(coins(amounts.pending, coin.decimals)) },
  { name: 'console_claimable_coins', help: 'What one claim would pay now, in whole coins.', read: ({ amounts, coin }) => one(coins(amounts.claimable, coin.decimals)) },
  { name: 'console_claimed_coins', help: 'Paid out on chain, in whole coins.', read: ({ amounts, coin }) => one(coins(amounts.claimed, coin.decimals)) },
  { name: 'console_collateral_coins', help: 'Collateral locked on chain, in whole coins.', read: ({ amounts, coin }) => one(coins(amounts.collateral, coin.decimals)) },
  { name: 'console_gas_sui', help: 'Gas paid less rebates, in SUI; below zero where rebates were larger.', read: ({ gasMist }) => one(coins(gasMist, 9)) },
  { name: 'console_reputation', help: "The node's reputation on chain.", read: ({ reputation }) => one(reputation) },
  { name: 'console_alerts', help: 'Open alerts by level.', labels: ['level'], read: ({ alerts }) => counted('level', alerts) },
  { name: 'console_gpu_info', help: 'Always 1 for each GPU; labels name it, its vendor and its model.', labels: ['gpu', 'vendor', 'model'], read: ({ gpus }) => (gpus ?? []).map(({ id, vendor, model }) => ({ labels: { gpu: id, vendor, model }, value: 1 })) },
  { name: 'console_gpu_enabled', help: '1 while the GPU may take work, 0 while it is switched off.', labels: gpuLabels, read: (facts) => eachGpu(facts, ({ enabled }) => (enabled ? 1 : 0)) },
  { name: 'console_gpu_utilization_ratio', help: 'Load of the GPU from 0 to 1.', labels: gpuLabels, read: (facts) => eachGpu(facts, ({ utilPct }) => (utilPct === null ? null : utilPct / 100)) },
  { name: 'console_gpu_temperature_celsius', help: 'Temperature of the GPU.', labels: gpuLabels, read: (facts) => eachGpu(facts, ({ tempC }) => tempC) },
  { name: 'console_gpu_power_watts', help: 'Power that the GPU draws.', labels: gpuLabels, read: (facts) => eachGpu(facts, ({ powerW }) => powerW) },
  { name: 'console_gpu_power_limit_watts', help: "The driver's power cap.", labels: gpuLabels, read: (facts) => eachGpu(facts, ({ powerLimitW }) => powerLimitW) },
  { name: 'console_gpu_memory_used_bytes', help: 'Memory of the GPU in use.', labels: gpuLabels, read: (facts) => eachGpu(facts, ({ vramUsedMib }) => bytesOfMib(vramUsedMib)) },
  { name: 'console_gpu_memory_bytes', help: 'Memory of the GPU.', labels: gpuLabels, read: (facts) => eachGpu(facts, ({ vramTotalMib }) => bytesOfMib(vramTotalMib)) },
  { name: 'console_process_start_seconds', help: 'Unix time at which the console started.', read: ({ process }) => one(seconds(process.startedMs)) },
  { name: 'console_process_resident_bytes', help: 'Resident memory of the main process.', read: ({ process }) => one(process.residentBytes) },
  { name: 'console_process_cpu_seconds', help: 'Processor time of the main process since its start, user and system together.', read: ({ process }) => one(process.cpuSeconds) },
];

/** The text of all figures; a figure without any sample is left out with its help. */
export async function metricsText(facts: MetricsFacts): Promise<string> {
  const registry = new Registry();
  for (const { name, help, labels = [], read } of metrics) {
    const samples = read(facts).filter((sample): sample is Sample & { value: number } => typeof sample.value === 'number' && Number.isFinite(sample.value));
    if (samples.length === 0) continue;
    const gauge = new Gauge({ name, help, labelNames: [...labels], registers: [registry] });
    for (const sample of samples) gauge.set(sample.labels ?? {}, sample.value);
  }
  return registry.metrics();
}
