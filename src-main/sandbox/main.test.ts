/** The sandbox as its own process: the line others attach by, ready to a parent, one per folder, --fresh, and how it ends. */
import { fork, spawn, type ChildProcess } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SuiGrpcClient } from '@mysten/sui/grpc';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { networkProfileSchema } from '../../src-shared/domain/network-profile.ts';
import type { SandboxInfo } from './create-sandbox.ts';
import { parseSandboxFlags } from './flags.ts';

const entry = join(import.meta.dirname, 'main.ts');
let folder: string;
const children: ChildProcess[] = [];
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'sandbox-main-'))));
afterEach(() => {
  children.splice(0).forEach((child) => child.kill('SIGKILL'));
  rmSync(folder, { recursive: true, force: true });
});

const ended = (child: ChildProcess): Promise<number | null> => new Promise((resolve) => (child.exitCode === null && child.signalCode === null ? child.once('exit', resolve) : resolve(child.exitCode)));
const collect = (stream: NodeJS.ReadableStream | null): (() => string) => {
  let text = '';
  stream?.setEncoding('utf8').on('data', (part: string) => (text += part));
  return () => text;
};
const run = (...flags: string[]) => {
  const child = spawn(process.execPath, [entry, '--data-dir', folder, ...flags], { stdio: ['ignore', 'pipe', 'pipe'] });
  children.push(child);
  return { child, out: collect(child.stdout), err: collect(child.stderr) };
};
/** Starts with --json and reads the first line. */
const attach = async (...flags: string[]): Promise<{ child: ChildProcess; info: SandboxInfo }> => {
  const { child, out } = run('--json', ...flags);
  await expect.poll(out, { timeout: 20_000 }).toContain('\n');
  return { child, info: JSON.parse(out().split('\n')[0] ?? '') as SandboxInfo };
};

describe('sandbox process', () => {
  it('prints one line by which an unmodified client attaches, ends on SIGTERM, continues, and begins anew with --fresh', async () => {
    const first = await attach('--epoch-ms', '3600000', '--seed-demand', 'off');
    expect(networkProfileSchema.parse(first.info.profile)).toMatchObject({ chainId: first.info.chainId });
    const client = new SuiGrpcClient({ network: 'sandbox', baseUrl: first.info.grpcUrl });
    expect((await client.getBalance({ owner: first.info.accounts[0]?.address ?? '' })).balance.balance).toBe('100000000000');
    const state = (await (await fetch(`${first.info.controlUrl}/state`)).json()) as { epochLengthMs: number; demand: { running: boolean } };
    expect(state).toMatchObject({ epochLengthMs: 3_600_000, demand: { running: false } });

    const second = run();
    expect(await ended(second.child)).toBe(1);
    expect(second.err()).toContain('already uses this data folder');

    first.child.kill('SIGTERM');
    expect(await ended(first.child)).toBe(0);
    const again = await attach();
    expect(again.info).toEqual(first.info);
    again.child.kill('SIGKILL');
    await ended(again.child);
    // Its second node's keys would not open any more.
    mkdirSync(join(folder, 'second-node'));
    const fresh = await attach('--fresh');
    expect(existsSync(join(folder, 'second-node'))).toBe(false);
    expect(fresh.info.chainId).not.toBe(first.info.chainId);
    expect(fresh.info.coordinatorId).not.toBe(first.info.coordinatorId);
  }, 60_000);

  it('runs generation G2 where it is asked for, keeps it, and refuses the other one with what to do', async () => {
    const first = await attach('--generation', 'g2', '--seed-demand', 'off');
    expect(first.info.profile).toMatchObject({ id: 'sandbox-g2', name: 'Sandbox G2', generation: 'G2', coin: { symbol: 'USDC', decimals: 6 }, faucet: null });
    first.child.kill('SIGTERM');
    expect(await ended(first.child)).toBe(0);
    const other = run('--generation', 'g1');
    expect(await ended(other.child)).toBe(1);
    expect(other.err()).toMatch(/generation G2; for G1 use another folder, or begin anew with --fresh/);
    const again = await attach();
    expect(again.info).toEqual(first.info);
  }, 60_000);

  it('tells its parent that it is ready and ends with it', async () => {
    const child = fork(entry, ['--data-dir', folder, '--parent'], { serialization: 'advanced', execArgv: [], stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
    children.push(child);
    const message = await new Promise<{ kind: string; profile: unknown }>((resolve) => child.once('message', (value) => resolve(value as { kind: string; profile: unknown })));
    expect(message.kind).toBe('ready');
    expect(networkProfileSchema.safeParse(message.profile).success).toBe(true);
    child.disconnect();
    expect(await ended(child)).toBe(0);
  }, 30_000);

  it.each([['--bogus'], ['--port', 'x'], ['--port', '70000'], ['--epoch-ms', '-1'], ['--seed-demand', 'maybe'], ['--generation', 'g3'], ['--heartbeat-ms', '10'], ['positional']])('refuses %s %s', (...args) => expect(() => parseSandboxFlags(args)).toThrow());
  it('takes the module of the second node', () => expect(parseSandboxFlags(['--second-node', '/m/second-node.cjs'])).toMatchObject({ 'second-node': '/m/second-node.cjs' }));
  it('has defaults', () => expect(parseSandboxFlags(['--epoch-ms', '0'])).toMatchObject({ 'data-dir': '.cache/sandbox', 'epoch-ms': 0, fresh: false, json: false, parent: false }));
});
