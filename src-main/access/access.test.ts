/** Tokens keep to their scope and leave only hashes; figures that are not known have no sample, and every name is documented. */
import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { z } from 'zod';
import { metrics, metricsText, type GpuFacts, type MetricsFacts } from './metrics-text.ts';
import { createAccess } from './read-tokens.ts';

function open() {
  const kept = new Map<string, unknown>();
  const state = { nowMs: 1_000, writes: 0 };
  const settings = { get: <T>(key: string, schema: z.ZodType<T>): T | null => (kept.has(key) ? schema.parse(JSON.parse(String(kept.get(key)))) : null), set: (key: string, value: unknown) => (state.writes++, void kept.set(key, JSON.stringify(value))) };
  return { kept, state, access: createAccess({ settings, now: () => state.nowMs, randomBytes, changed: () => undefined }) };
}

describe('tokens', () => {
  it('let in by their scope alone, until they are revoked', () => {
    const { access, kept } = open();
    const { id, secret } = access.create('grafana', 'metrics');
    expect(secret).toMatch(/^ocr_[\w-]{43}$/);
    expect([access.allows('metrics', secret), access.allows('fleet', secret), access.allows('metrics', `${secret}x`), access.allows('metrics', '')]).toEqual([true, false, false, false]);
    expect(JSON.stringify([...kept])).not.toContain(secret);
    expect(JSON.stringify(access.tokens())).not.toMatch(/hash|ocr_/);
    access.revoke(id);
    expect(access.allows('metrics', secret)).toBe(false);
    expect(() => access.revoke(id)).toThrow(expect.objectContaining({ code: 'remote.unknown' }));
  });
  it('are noted as used once a minute at most', () => {
    const { access, state } = open();
    const { secret } = access.create('grafana', 'metrics');
    const before = state.writes;
    for (let i = 0; i < 10; i++) access.allows('metrics', secret);
    expect([state.writes - before, access.tokens()[0]?.lastUsedMs]).toEqual([1, 1_000]);
    state.nowMs += 60_000;
    access.allows('metrics', secret);
    expect(access.tokens()[0]?.lastUsedMs).toBe(61_000);
  });
  it('are not more than can be looked through', () => {
    const { access } = open();
    for (let i = 0; i < 50; i++) access.create(`t${i}`, 'fleet');
    expect(() => access.create('one more', 'fleet')).toThrow(expect.objectContaining({ code: 'remote.full' }));
  });
});

const facts: MetricsFacts = {
  version: '0.1.0', network: 'sandbox', coin: { symbol: 'TOMA', decimals: 9 }, state: 'READY', stateSinceMs: 2_000, linked: true, chainReadAtMs: 3_500, slots: { used: 1, total: 2 }, subscribedTasks: 1, tokensPerSecond: 38.5,
  requests: { accepted: 7, rejected: 0, declined: 1, failed: 0 }, stacks: { working: 1, claimed: 2 }, amounts: { earned: 1_500_000_000n, pending: 0n, claimable: null, claimed: 2n, collateral: 1n }, gasMist: -5n, reputation: 100,
  alerts: { info: 0, warning: 1, danger: 0 }, gpus: [], process: { startedMs: 1_000, residentBytes: 5, cpuSeconds: 0.5 },
};

describe('metrics', () => {
  it('are Prometheus text with one sample for each known value', async () => {
    const text = await metricsText(facts);
    expect(text).toContain('# HELP console_earned_coins ');
    expect(text).toContain('# TYPE console_earned_coins gauge\nconsole_earned_coins 1.5\n');
    expect(text).toContain('console_node_state{state="READY"} 1\n');
    expect(text).toContain('console_node_state{state="IDLE"} 0\n');
    expect(text).toContain('console_pending_coins 0\n');
    expect(text).toContain('console_requests{outcome="accepted"} 7\n');
    expect(text).toContain('console_gas_sui -5e-9\n');
  });
  it('say nothing of what is not known', async () => {
    const text = await metricsText({ ...facts, requests: null, stacks: null, tokensPerSecond: null, chainReadAtMs: null });
    for (const name of ['console_claimable_coins', 'console_requests', 'console_stacks', 'console_tokens_per_second', 'console_chain_read_seconds']) expect(text).not.toContain(name);
  });
  it('give the gauges of each GPU in base units, and leave out what its driver does not tell', async () => {
    const gpu: GpuFacts = { id: 'GPU-1', vendor: 'nvidia', model: 'RTX 4090', enabled: true, utilPct: 37, tempC: 61, powerW: 210.5, powerLimitW: 450, vramUsedMib: 2, vramTotalMib: 24_564 };
    const silent: GpuFacts = { ...gpu, id: 'card0', vendor: 'amd', model: 'RX', enabled: false, utilPct: null, tempC: null, powerW: null, powerLimitW: null, vramUsedMib: null, vramTotalMib: null };
    const lines = (await metricsText({ ...facts, gpus: [gpu, silent] })).split('\n').filter((line) => line.startsWith('console_gpu_'));
    const of = '{gpu="GPU-1",model="RTX 4090"}';
    expect(lines).toEqual([
      'console_gpu_info{gpu="GPU-1",vendor="nvidia",model="RTX 4090"} 1',
      'console_gpu_info{gpu="card0",vendor="amd",model="RX"} 1',
      `console_gpu_enabled${of} 1`,
      'console_gpu_enabled{gpu="card0",model="RX"} 0',
      `console_gpu_utilization_ratio${of} 0.37`,
      `console_gpu_temperature_celsius${of} 61`,
      `console_gpu_power_watts${of} 210.5`,
      `console_gpu_power_limit_watts${of} 450`,
      `console_gpu_memory_used_bytes${of} 2097152`,
      `console_gpu_memory_bytes${of} ${24_564 * 1_048_576}`,
    ]);
    // An idle card's load is a figure: 0 stays, as unknown leaves.
    expect(await metricsText({ ...facts, gpus: [{ ...gpu, utilPct: 0 }] })).toContain(`console_gpu_utilization_ratio${of} 0\n`);
    for (const gpus of [null, []]) expect(await metricsText({ ...facts, gpus })).not.toContain('console_gpu_');
  });
  it('keep hostile labels inside their quotes', async () => expect(await metricsText({ ...facts, network: 'a"} 1\nevil 1' })).not.toMatch(/^evil/m));
  it('are all documented, with their help', () => {
    const page = join(resolve(import.meta.dirname, '../..'), 'docs/metrics.md');
    expect(existsSync(page)).toBe(true);
    const text = readFileSync(page, 'utf8');
    for (const { name, help, labels = [] } of metrics) expect(text).toContain(`| \`${name}\` | ${labels.map((label) => `\`${label}\``).join(', ')} | ${help} |`);
  });
});
