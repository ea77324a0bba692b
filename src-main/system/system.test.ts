/** Detection over outputs of nvidia-smi, the manifest's rounding and tiers, gauges, and the machine check's thresholds. */
import { tmpdir } from 'node:os';
import { describe, expect, it } from 'vitest';
import { silentLogger } from '../log/logger.ts';
import { buildManifest, hardwareParts } from './build-manifest.ts';
import { detectHardware } from './detect-hardware.ts';
import { gaugeOf } from './gpu-gauges.ts';
import type { Gpu, Hardware } from './hardware.ts';
import { machineRules, type MachineFacts } from './machine-rules.ts';
import { parseGpus, queryGpus, runProgram } from './nvidia-smi.ts';

/** Lines in the form that nvidia-smi prints for nvidiaSmiArguments, among them what drivers answer for fields they lack; composed, not recorded from one machine. */
const samples = {
  rtx4090: 'GPU-6f1c7c0e-4b1d-9a54-5f0e-0d5e3a7f9c11, NVIDIA GeForce RTX 4090, 550.120, 24564, 512, 3, 41, 28.57, 8.9, 450.00\n',
  two: 'GPU-a, NVIDIA GeForce RTX 3060, 535.183.01, 12288, 0, 0, 35, [N/A], 8.6, 170.00\r\nGPU-b, NVIDIA GeForce RTX 3060, 535.183.01, 12288, 8000, 99, 80, 170.10, 8.6, 170.00\r\n',
  passive: 'GPU-c, Tesla K80, 470.256.02, 11441, 0, [Not Supported], [N/A], [Unknown Error], 3.7, [N/A]\n',
  grace: 'GPU-d, NVIDIA GB10, 580.95.05, [N/A], [N/A], 0, 44, 4.17, 12.1, [N/A]\n',
  noise: 'Unable to determine the device handle for GPU 0000:02:00.0: Unknown Error\n',
};
const failure = (code: string | number, message: string): (() => Promise<string>) => () => Promise.reject(Object.assign(new Error(message), { code }));
const gpuOf = (model: string, vramTotalMib: number | null): Gpu => ({ uuid: model, vendor: 'nvidia', tool: 'nvidia-smi', powerLimitW: null, model, vramTotalMib, driver: null, vramUsedMib: null, utilPct: null, tempC: null, powerW: null, computeCapability: null });
const hardware = (over: Partial<Hardware> = {}): Hardware => ({
  cpu: { model: 'AMD Ryzen 9 7950X', cores: 32 },
  ramBytes: 67_108_864_000,
  diskFreeBytes: 100 * 2 ** 30,
  gpus: [gpuOf('NVIDIA GeForce RTX 4090', 24564)],
  gpuSource: { kind: 'nvidia-smi' },
  ...over,
});

describe('nvidia-smi', () => {
  it('reads a full line', () => {
    expect(parseGpus(samples.rtx4090)).toEqual([
      { uuid: 'GPU-6f1c7c0e-4b1d-9a54-5f0e-0d5e3a7f9c11', vendor: 'nvidia', tool: 'nvidia-smi', powerLimitW: 450, model: 'NVIDIA GeForce RTX 4090', driver: '550.120', vramTotalMib: 24564, vramUsedMib: 512, utilPct: 3, tempC: 41, powerW: 28.57, computeCapability: '8.9' },
    ]);
  });
  it('turns what the driver does not tell into null, never into zero', () => {
    expect(parseGpus(samples.two).map(({ powerW, utilPct }) => [powerW, utilPct])).toEqual([[null, 0], [170.1, 99]]);
    expect(parseGpus(samples.passive)[0]).toMatchObject({ utilPct: null, tempC: null, powerW: null, vramTotalMib: 11441 });
    expect(parseGpus(samples.grace)[0]).toMatchObject({ vramTotalMib: null, vramUsedMib: null });
    expect(parseGpus(samples.noise + samples.rtx4090)).toHaveLength(1);
  });
  it('tells not installed from failed', async () => {
    expect(await queryGpus(failure('ENOENT', 'spawn nvidia-smi ENOENT'))).toEqual({ gpus: [], source: { kind: 'not_installed' } });
    expect(await queryGpus(failure(9, "couldn't communicate with the NVIDIA driver"))).toEqual({ gpus: [], source: { kind: 'failed', detail: "couldn't communicate with the NVIDIA driver" } });
    await expect(runProgram('no-such-program-here', [], 1000)).rejects.toMatchObject({ code: 'ENOENT' });
  });
});

describe('detectHardware', () => {
  it('describes this machine', async () => {
    const found = await detectHardware(tmpdir(), { log: silentLogger, runProgram: (file) => (file === 'nvidia-smi' ? Promise.resolve(samples.two) : failure('ENOENT', 'x')()), sysRoot: '/no/such/folder' });
    expect(found.cpu.cores).toBeGreaterThan(0);
    expect(found.cpu.model).toMatch(/\S/);
    expect(found.ramBytes).toBeGreaterThan(2 ** 28);
    expect(found.diskFreeBytes).toBeGreaterThan(0);
    expect(found.gpus).toHaveLength(2);
  });
  it('says null for a disk it cannot measure', async () => {
    expect(await detectHardware('/no/such/folder', { log: silentLogger, runProgram: failure('ENOENT', 'x'), sysRoot: '/no/such/folder' })).toMatchObject({ diskFreeBytes: null, gpuSource: { kind: 'not_installed' } });
  });
});

describe('manifest', () => {
  it.each([
    ['no GPU', [], 1],
    ['11 GiB card', [gpuOf('a', 11441)], 2],
    ['GPU of unknown memory', [gpuOf('a', null)], 2],
    ['12 GiB card that reports a little less', [gpuOf('a', 12282)], 3],
    ['24 GiB beside a small one', [gpuOf('a', 4096), gpuOf('b', 24564)], 3],
    ['40 GiB', [gpuOf('a', 40960)], 4],
  ] as const)('tier of %s', (_, gpus, tier) => expect(hardwareParts(hardware({ gpus })).hardware_tier).toBe(tier));

  it('rounds to GiB and counts equal cards together', () => {
    const { cpu, gpu } = hardwareParts(hardware({ gpus: [...parseGpus(samples.two), gpuOf('x', 24564)] }));
    expect(cpu).toEqual({ model: 'AMD Ryzen 9 7950X', cores: 32, ram_gb: 63 });
    expect(gpu).toEqual([{ model: 'NVIDIA GeForce RTX 3060', count: 2, vram_gb: 12 }, { model: 'x', count: 1, vram_gb: 24 }]);
  });

  it('builds a whole manifest in UTC and refuses a bad region', () => {
    const id = `0x${'a'.repeat(64)}`;
    const facts = {
      identity: { nodeId: id, walletAddress: id, livenessAddress: id, publicKeyPem: '-----BEGIN PUBLIC KEY-----' },
      walletSig: 'sig', region: 'eu-west', workloadClasses: ['ai.inference' as const], models: ['a/b@1'], maxParallelSubtasks: 2, clientVersion: '0.1.0', issuedAtMs: 1_795_219_200_000,
    };
    expect(buildManifest(hardware(), facts)).toMatchObject({ issued_at: '2026-11-21T00:00:00.000Z', hardware_tier: 3, models: ['a/b@1'] });
    expect(() => buildManifest(hardware(), { ...facts, region: 'EU West' })).toThrow();
  });
});

describe('gauges', () => {
  it('carry what is told, and null for the rest', () => {
    expect(parseGpus(samples.two).map(gaugeOf)).toEqual([{ util_pct: 0, vram_used_mb: 0, temp_c: 35, power_w: null }, { util_pct: 99, vram_used_mb: 8000, temp_c: 80, power_w: 170.1 }]);
  });
});

describe('machine check', () => {
  const facts = (over: Partial<MachineFacts> = {}): MachineFacts => ({ hardware: hardware(), clockOffsetMs: 0, sqliteVersion: '3.53.4', ...over });
  it('has all six rules, in order, without a fix where all is well', () => {
    expect(machineRules(facts()).map(({ rule, status, fix }) => [rule, status, fix])).toEqual(['cpu', 'ram', 'disk', 'gpu', 'clock', 'sqlite'].map((rule) => [rule, 'ok', null]));
  });
  it.each<[string, Partial<MachineFacts>, string, string]>([
    ['one core', { hardware: hardware({ cpu: { model: 'm', cores: 1 } }) }, 'cpu', 'warning'],
    ['2 GiB of memory', { hardware: hardware({ ramBytes: 2 ** 31 }) }, 'ram', 'warning'],
    ['4 GiB of disk', { hardware: hardware({ diskFreeBytes: 5 * 2 ** 30 - 1 }) }, 'disk', 'warning'],
    ['a full disk', { hardware: hardware({ diskFreeBytes: 2 ** 30 - 1 }) }, 'disk', 'failed'],
    ['an unknown disk', { hardware: hardware({ diskFreeBytes: null }) }, 'disk', 'warning'],
    ['no GPU', { hardware: hardware({ gpus: [], gpuSource: { kind: 'not_installed' } }) }, 'gpu', 'warning'],
    ['a broken driver', { hardware: hardware({ gpus: [], gpuSource: { kind: 'failed', detail: 'x' } }) }, 'gpu', 'warning'],
    ['a clock not compared', { clockOffsetMs: null }, 'clock', 'warning'],
    ['a clock at the edge', { clockOffsetMs: 90_000 }, 'clock', 'warning'],
    ['a clock beyond it', { clockOffsetMs: -90_001 }, 'clock', 'failed'],
    ['no SQLite', { sqliteVersion: null }, 'sqlite', 'failed'],
  ])('%s', (_, over, name, status) => {
    const found = machineRules(facts(over)).filter((rule) => rule.status !== 'ok');
    expect(found.map((rule) => [rule.rule, rule.status])).toEqual([[name, status]]);
    expect(found[0]?.fix).toMatch(/\S/);
  });
});
