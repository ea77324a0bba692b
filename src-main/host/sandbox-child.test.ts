/** The embedded network as a child: ready, silent, dead too early, dead later; --fresh goes once. */
import { describe, expect, it } from 'vitest';
import type { AppError } from '../../src-shared/errors.ts';
import { silentLogger } from '../log/logger.ts';
import type { SpawnChild } from '../platform/processes.ts';
import { callCases } from './call-cases.ts';
import { createSandboxStarter } from './sandbox-child.ts';

const { profile } = callCases['setup.customNetwork'].input;

/** A child that says what the test has it say, and ends when it is killed. */
function fakeChild() {
  const started: (readonly string[])[] = [];
  const messages: ((message: unknown) => void)[] = [];
  const exits: ((code: number | null) => void)[] = [];
  const exit = (code: number | null): void => exits.splice(0).forEach((listener) => listener(code));
  const spawn: SpawnChild = (module, args) => {
    started.push([module, ...args]);
    return { pid: 1, send: () => undefined, onMessage: (f) => void messages.push(f), onExit: (f) => void exits.push(f), kill: () => exit(null) };
  };
  return { started, spawn, exit, say: (message: unknown) => messages.forEach((listener) => listener(message)) };
}

function starter(fresh: boolean, timeoutMs = 60_000) {
  const child = fakeChild();
  const fatal: AppError[] = [];
  const start = createSandboxStarter({ module: '/m/sandbox.cjs', secondNodeModule: '/m/second-node.cjs', fresh, timeoutMs }, { spawn: child.spawn, log: silentLogger, onFatal: (error) => fatal.push(error) });
  return { child, fatal, start };
}

describe('createSandboxStarter', () => {
  it('starts it in its own folder, anew only once, and gives its profile', async () => {
    const { child, fatal, start } = starter(true);
    for (const args of [['--fresh'], []]) {
      const starting = start('/data', 'G1');
      child.say('noise');
      child.say({ kind: 'ready', profile });
      const sandbox = await starting;
      expect(sandbox.profile).toEqual(profile);
      expect(child.started.at(-1)).toEqual(['/m/sandbox.cjs', '--data-dir', '/data/sandbox', '--generation', 'g1', '--parent', '--second-node', '/m/second-node.cjs', ...args]);
      await sandbox.stop();
    }
    expect(fatal).toEqual([]);
  });

  it('keeps the generations apart, each begun anew once', async () => {
    const { child, start } = starter(true);
    for (const [generation, folder] of [['G1', 'sandbox'], ['G2', 'sandbox-g2']] as const) {
      const starting = start('/data', generation);
      child.say({ kind: 'ready', profile });
      await (await starting).stop();
      expect(child.started.at(-1)).toEqual(['/m/sandbox.cjs', '--data-dir', `/data/${folder}`, '--generation', generation.toLowerCase(), '--parent', '--second-node', '/m/second-node.cjs', '--fresh']);
    }
  });

  it('fails when it ends before it is ready', async () => {
    const { child, start } = starter(false);
    const starting = start('/data', 'G1');
    child.exit(1);
    await expect(starting).rejects.toMatchObject({ code: 'network.sandbox_failed', fields: { detail: 'its process ended with code 1' } });
  });

  it.each([['nothing', null], ['a profile that does not parse', { kind: 'ready', profile: { ...profile, endpoints: ['http://evil.example'] } }]])('fails in time when it says %s', async (_, message) => {
    const { child, start } = starter(false, 5);
    const starting = start('/data', 'G1');
    child.say(message);
    await expect(starting).rejects.toMatchObject({ code: 'network.sandbox_failed' });
  });

  it('tells when it ends later', async () => {
    const { child, fatal, start } = starter(false);
    const starting = start('/data', 'G1');
    child.say({ kind: 'ready', profile });
    await starting;
    child.exit(7);
    expect(fatal.map((error) => error.code)).toEqual(['network.sandbox_failed']);
  });
});
