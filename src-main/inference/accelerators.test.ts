/** Real accelerators with the committed model: WebGPU on a driver in software (stack.md 7), CUDA where there is a card: probe, load, run, fall and crash. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { silentLogger } from '../log/logger.ts';
import { type ChildHandle, type SpawnChild, forkChild } from '../platform/processes.ts';
import { findSoftwareVulkan } from '../testing/software-vulkan.ts';
import { createInference } from './create-inference.ts';
import type { Inference, InferenceRequest, Provider } from './types.ts';

const driver = findSoftwareVulkan();
const hasCuda = spawnSync('nvidia-smi', ['-L'], { stdio: 'ignore' }).error === undefined;
/** A driver in software on a busy machine takes its time. */
const timeout = 300_000;

const children: { args: readonly string[]; child: ChildHandle }[] = [];
const spawn: SpawnChild = (module, args, options) => {
  const child = forkChild(module, args, { ...options, quiet: true });
  children.push({ args, child });
  return child;
};
const open: Inference[] = [];
const engineWith = (order: readonly Provider[]): Inference => {
  const engine = createInference(
    { processModule: join(import.meta.dirname, 'process.ts'), modelRoots: [join(import.meta.dirname, '../../resources/models')], slots: 4 },
    { spawn, log: silentLogger, now: () => 0, random: () => 0, order: () => order },
  );
  open.push(engine);
  return engine;
};
afterEach(async () => {
  vi.unstubAllEnvs();
  await Promise.all(open.splice(0).map((engine) => engine.close()));
});

const never = new AbortController().signal;
const ask = async (engine: Inference, change: Partial<InferenceRequest> = {}): Promise<InferenceRequest> => ({
  model: (await engine.readyModels())[0]?.id ?? '',
  messages: [{ role: 'user', content: 'Say hello to Ada and Max.' }],
  maxComputeUnits: 400, maxOutputTokens: 8, sampling: { kind: 'greedy' }, stop: [], ...change,
});
const onProcessor = async (): Promise<string> => {
  const engine = engineWith(['cpu']);
  return (await engine.run(await ask(engine), { signal: never })).content;
};

describe('webgpu', () => {
  const withDriver = it.skipIf(driver === null);
  withDriver('runs the model on a driver in software, says that it is one, and comes back from a crash', { timeout }, async () => {
    vi.stubEnv('VK_ICD_FILENAMES', driver ?? '');
    const engine = engineWith(['webgpu']);
    const probe = (await engine.probe()).find(({ provider }) => provider === 'webgpu');
    expect(probe).toMatchObject({ ok: true, software: true, tokensPerSecond: expect.any(Number), reason: null });

    const result = await engine.run(await ask(engine), { signal: never });
    expect(result.fingerprint).toContain(' webgpu ');
    expect(result.content).toBe(await onProcessor());
    expect(engine.status().devices).toMatchObject([{ id: 'webgpu:0', process: 'ready', restarts: 0 }]);

    const serving = children.filter(({ args }) => args[0] === 'webgpu').at(-1)?.child as ChildHandle;
    const shot = { signal: never, onText: () => serving.kill() };
    const outcomes = await Promise.allSettled([engine.run(await ask(engine, { exact: true }), shot), engine.run(await ask(engine), shot)]);
    expect(outcomes.map((outcome) => (outcome.status === 'rejected' ? (outcome.reason as { code: string }).code : 'answered'))).toEqual(['inference.process_died', 'inference.process_died']);
    expect((await engine.run(await ask(engine), { signal: never })).content).toBe(result.content);
    expect(engine.status()).toMatchObject({ restarts: 1, falls: [], devices: [{ id: 'webgpu:0', process: 'ready' }] });
  });

  it('that finds no driver is passed over in plain sight where the order goes on with the processor, and serves nothing where it does not', { timeout }, async () => {
    vi.stubEnv('VK_ICD_FILENAMES', '/nowhere/driver.json');
    vi.stubEnv('VK_DRIVER_FILES', '/nowhere/driver.json');
    const falling = engineWith(['webgpu', 'cpu']);
    expect((await falling.run(await ask(falling), { signal: never })).fingerprint).toContain(' cpu ');
    expect(falling.status().falls).toMatchObject([{ provider: 'webgpu', reason: expect.stringMatching(/\w{3}/), remedy: expect.stringMatching(/\w{3}/) }]);
    expect(falling.status().devices.map(({ id }) => id)).toEqual(['cpu:0']);

    const strict = engineWith(['webgpu']);
    await expect(strict.run(await ask(strict), { signal: never })).rejects.toMatchObject({ code: 'inference.model_failed' });
    expect(strict.status()).toMatchObject({ devices: [], falls: [{ provider: 'webgpu' }] });
  });
});

describe('cuda', () => {
  it.skipIf(!hasCuda)('runs the model on the card, or says what is missing', { timeout }, async () => {
    const engine = engineWith(['cuda']);
    const probe = (await engine.probe()).find(({ provider }) => provider === 'cuda');
    if (probe?.ok !== true) return expect([probe?.reason, probe?.remedy]).toEqual([expect.stringMatching(/\w{3}/), expect.stringMatching(/CUDA/)]);
    const result = await engine.run(await ask(engine), { signal: never });
    expect(result.fingerprint).toContain(' cuda ');
    expect(result.content).toBe(await onProcessor());
  });
});
