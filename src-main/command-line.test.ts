/** Every verb against a real sandbox, with a console running on the folder and without: JSON by schema, dry runs that change nothing, grave verbs that wait for --yes, one writer at a time. */
import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { z } from 'zod';
import { doctorReportSchema } from '../src-shared/bridge/diagnostics-calls.ts';
import { allVerbs } from './cli/verbs/all-verbs.ts';
import { attestationsReportSchema, decidedReportSchema, evidenceReportSchema } from './cli/verbs/attestation-verbs.ts';
import { exportReportSchema } from './cli/verbs/export-verb.ts';
import { balancesReportSchema, jobsReportSchema, ledgerReportSchema, logsReportSchema, stacksReportSchema, tasksReportSchema } from './cli/verbs/list-verbs.ts';
import { leaveReportSchema, statusReportSchema, switchReportSchema } from './cli/verbs/node-verbs.ts';
import { fleetReportSchema, sessionsReportSchema, tokenReportSchema, tokensReportSchema } from './cli/verbs/remote-verbs.ts';
import { signedReportSchema } from './cli/sign-intent.ts';
import type { RunningConsole } from './host/start-console.ts';
import { lockDataFolder } from './platform/files.ts';
import { openBench, type Bench, type Ended } from './testing/command-line.ts';

const hash = 'ab'.repeat(32);
const other = `0x${'0a'.repeat(32)}`;

const read = <S extends z.ZodType>(schema: S, ended: Ended): z.output<S> => {
  expect(ended.json, ended.stdout + ended.stderr).not.toBeNull();
  return schema.decode(ended.json as z.input<S>);
};
const errorOf = (ended: Ended): { code: string; message: string; fields: Record<string, unknown> } => {
  expect(Object.keys(ended.json as object)).toEqual(['error']);
  return (ended.json as { error: { code: string; message: string; fields: Record<string, unknown> } }).error;
};

describe.each(['a console running', 'no console'] as const)('with %s', (mode) => {
  let bench: Bench;
  let running: RunningConsole | null = null;
  const tried = new Set<string>();
  const run = (args: readonly string[]): Promise<Ended> => {
    const name = allVerbs.map((verb) => verb.name).filter((verb) => args.join(' ').startsWith(verb)).sort((a, b) => b.length - a.length)[0];
    if (name !== undefined) tried.add(name);
    return bench.run(args);
  };
  const balances = async () => read(balancesReportSchema, await run(['balances']));
  /** Signs and expects success. */
  const sign = async (args: readonly string[]) => {
    const ended = await run(args);
    expect(ended, ended.stdout).toMatchObject({ code: 0 });
    const report = read(signedReportSchema, ended);
    expect(report).toMatchObject({ done: true, dryRun: false, add: null, outcome: { status: 'success' } });
    return report;
  };
  /** A dry run, then a try without --yes, which must both leave the chain and the wallet as they were. */
  const expectDry = async (args: readonly string[], grave: boolean) => {
    const before = { checkpoint: await bench.checkpoint(), balances: (await balances()).network.balance.value };
    const dry = await run([...args, '--dry-run', '--yes']);
    const report = read(signedReportSchema, dry);
    expect(report).toMatchObject({ done: false, dryRun: true, outcome: null });
    expect(dry.code).toBe(report.preview.possible ? 0 : 3);
    if (grave) {
      const asked = await run(args);
      expect(asked.code, asked.stdout).toBe(2);
      expect(read(signedReportSchema, asked)).toMatchObject({ done: false, add: '--yes', outcome: null, preview: { irreversible: true } });
    }
    expect({ checkpoint: await bench.checkpoint(), balances: (await balances()).network.balance.value }).toEqual(before);
    return report.preview;
  };

  beforeAll(async () => {
    bench = await openBench();
    if (mode === 'a console running') running = await bench.startConsole();
  });
  afterAll(async () => {
    await running?.stop('now');
    await bench.stop();
  });

  it('shows, pauses and resumes', async () => {
    expect(read(statusReportSchema, await run(['status']))).toMatchObject({ running: running !== null, paused: false });
    expect(read(switchReportSchema, await run(['pause']))).toEqual({ running: running !== null, paused: true, state: running === null ? null : expect.any(String) });
    expect(read(statusReportSchema, await run(['status'])).paused).toBe(true);
    expect(read(switchReportSchema, await run(['resume'])).paused).toBe(false);
    const drained = await run(['drain', '--timeout', '20']);
    if (running === null) expect(errorOf(drained).code).toBe('host.needs_console');
    else expect(read(switchReportSchema, drained).paused).toBe(true);
    await run(['resume']);
  });

  it('takes play money, exactly', async () => {
    expect(await run(['faucet'])).toMatchObject({ code: 0, json: { done: true } });
    const { network, sui } = await balances();
    expect(network.balance.value).toBe(10_000_000_000n);
    expect(sui.balance.value).toBeGreaterThan(0n);
    const preview = await expectDry(['faucet', '--amount', '5'], false);
    expect(preview).toMatchObject({ possible: true, changes: [{ amount: 5n, formatted: '0.000000005 TOMA' }], gasFormatted: expect.stringMatching(/ SUI$/) });
    await sign(['faucet', '--amount', '5']);
    expect((await balances()).network.balance.value).toBe(10_000_000_005n);
  });

  it('registers once', async () => {
    expect((await expectDry(['register'], false)).possible).toBe(true);
    await sign(['register']);
    const again = await run(['register']);
    expect(again.code).toBe(3);
    expect((await balances()).nodeSmallId).not.toBeNull();
  });

  it('subscribes, changes, parks', async () => {
    expect((await expectDry(['subscribe', '--task', '1', '--price', '80', '--max-units', '1000000'], false)).possible).toBe(true);
    await sign(['subscribe', '--task', '1', '--price', '80', '--max-units', '1000000']);
    await sign(['update-subscription', '--task', '1', '--price', '90', '--max-units', '1000000']);
    const { tasks } = read(tasksReportSchema, await run(['tasks']));
    expect(tasks.find((task) => task.taskSmallId === 1n)?.subscription).toEqual({ price: 90n, maxComputeUnits: 1_000_000n });
    const missing = await run(['subscribe', '--task', '1', '--price', '80']);
    expect([missing.code, errorOf(missing).code]).toEqual([2, 'host.bad_flag']);
  });

  it('buys a stack, and settles only what was acknowledged', async () => {
    expect((await expectDry(['stack', 'buy', '--task', '1', '--units', '1000', '--price', '100'], false)).changes).toMatchObject([{ amount: -100_000n }]);
    await sign(['stack', 'buy', '--task', '1', '--units', '1000', '--price', '100']);
    const { stacks } = read(stacksReportSchema, await run(['stacks']));
    expect(stacks).toMatchObject([{ numComputeUnits: 1_000n, usedUnits: 0n }]);
    const id = String(stacks[0]?.stackSmallId);
    const settled = await run(['stack', 'settle', '--stack', id, '--units', '1']);
    expect([settled.code, errorOf(settled).code]).toEqual([3, 'chain.rejected']);
    expect(errorOf(await run(['stack', 'settle', '--stack', '999'])).code).toBe('chain.rejected');
    expect(await run(['claim'])).toMatchObject({ code: 0, json: { done: false } });
    expect(errorOf(await run(['claim', '--stacks', id])).message).not.toBe('');
    expect((await run(['claim', '--stacks', id, '--units', '1,2'])).code).toBe(2);
  });

  it('says what the chain would say to an attestation, a dispute and a withdrawal', async () => {
    const { stacks } = read(stacksReportSchema, await run(['stacks']));
    const id = String(stacks[0]?.stackSmallId);
    expect((await expectDry(['attest', '--stack', id, '--root', hash], false)).possible).toBe(false);
    const own = await run(['attest', '--stack', id, '--dry-run']);
    expect([own.code, errorOf(own).message]).toEqual([3, expect.stringContaining('--root')]);
    expect(read(attestationsReportSchema, await run(['attestations'])).asked).toEqual([]);
    for (const word of ['agree', 'silent', 'policy', 'restart', 'overrule']) {
      const answered = await run(['attestation', word, '--stack', id]);
      if (running === null) expect(errorOf(answered).code).toBe('host.needs_console');
      else expect(answered.code === 0 ? read(decidedReportSchema, answered).done : errorOf(answered).code).toBeTruthy();
    }
    const evidence = await run(['attestation', 'evidence', '--stack', id, '--out', join(bench.folder, 'evidence.json')]);
    if (evidence.code === 0) expect(JSON.parse(readFileSync(read(evidenceReportSchema, evidence).file, 'utf8'))).toBeTruthy();
    else expect(evidence.code).toBe(3);
    expect((await expectDry(['dispute', '--stack', id, '--commitment', `0x${hash}`], false)).possible).toBe(false);
    expect(await run(['dispute', '--stack', id, '--commitment', hash, '--yes'])).toMatchObject({ code: 3 });
    expect(read(signedReportSchema, await run(['withdraw-fees', '--dry-run'])).preview.intent).toEqual({ kind: 'withdraw_fees' });
  });

  it('creates, retires and removes a task', async () => {
    await sign(['task', 'create', '--role', 'chat', '--model', 'some/model', '--security', 'sampling-consensus', '--min-reputation', '40']);
    const { tasks } = read(tasksReportSchema, await run(['tasks']));
    const mine = tasks.find((task) => task.model === 'some/model');
    expect(mine).toMatchObject({ role: 0, minimumReputation: 40, isDeprecated: false });
    const id = String(mine?.taskSmallId);
    await expectDry(['task', 'deprecate', '--task', id], true);
    await sign(['task', 'deprecate', '--task', id, '--yes']);
    expect((await expectDry(['task', 'remove', '--task', id], false)).possible).toBe(false);
    await bench.skipEpochs(2);
    await expectDry(['task', 'remove', '--task', id], true);
    await sign(['task', 'remove', '--task', id, '--yes']);
  });

  it('parks and unsubscribes', async () => {
    await sign(['park', '--task', '1']);
    await expectDry(['unsubscribe', '--task', '1'], true);
    await sign(['unsubscribe', '--task', '1', '--yes']);
  });

  it('transfers only with --yes', async () => {
    const args = ['transfer', '--coin', 'network', '--amount', '7', '--to', other];
    expect((await expectDry(args, true)).changes).toMatchObject([{ amount: -7n, formatted: '-0.000000007 TOMA' }]);
    const before = (await balances()).network.balance.value ?? 0n;
    await sign([...args, '--yes']);
    expect((await balances()).network.balance.value).toBe(before - 7n);
    const tooMuch = await run(['transfer', '--coin', 'SUI', '--amount', '18446744073709551615', '--to', other, '--yes']);
    expect(tooMuch.code).toBe(3);
  });

  it('lists and exports what the ledger has', async () => {
    const { entries, next } = read(ledgerReportSchema, await run(['ledger', '--limit', '500']));
    expect(entries.length).toBeGreaterThan(5);
    expect(next).toBeNull();
    const first = read(ledgerReportSchema, await run(['ledger', '--limit', '2']));
    expect(first.entries).toEqual(entries.slice(0, 2));
    expect(read(ledgerReportSchema, await run(['ledger', '--limit', '2', '--before', String(first.next)])).entries).toEqual(entries.slice(2, 4));
    const out = join(bench.folder, 'ledger.csv');
    expect(read(exportReportSchema, await run(['export-csv', '--out', out]))).toEqual({ file: out, rows: entries.length });
    const rows = parse(readFileSync(out), { columns: true }) as Record<string, string>[];
    expect(rows.map((row) => [row['digest'], Number(row['event_index']), BigInt(row['amount_base_units'] ?? ''), row['kind'], Date.parse(row['time'] ?? '')])).toEqual(
      entries.map((entry) => [entry.digest, entry.eventIndex, entry.amount, entry.kind, entry.atMs]),
    );
    expect((await run(['export-csv'])).code).toBe(2);
    expect((await run(['export-csv', '--out', '/nowhere/at/all.csv'])).code).toBe(2);
    expect(read(jobsReportSchema, await run(['jobs']))).toMatchObject({ items: [], total: 0, next: null });
    expect(read(logsReportSchema, await run(['logs', '--level', 'info', '--text', 'chain.executed'])).lines.length).toBeGreaterThan(0);
  });

  it('leaves, by the procedure or by hand', async () => {
    expect(read(leaveReportSchema, await run(['leave', 'status'])).leave.leaving).toBe(false);
    const started = await run(['leave', 'start', '--yes']);
    if (running === null) expect([started.code, errorOf(started).code]).toEqual([3, 'host.needs_console']);
    else {
      expect(await run(['leave', 'start'])).toMatchObject({ code: 2 });
      expect(read(leaveReportSchema, started).leave.leaving).toBe(true);
      expect(read(leaveReportSchema, await run(['leave', 'cancel'])).leave.leaving).toBe(false);
    }
    if (running === null) expect(errorOf(await run(['leave', 'cancel'])).code).toBe('host.needs_console');
    await expectDry(['disable'], true);
    await sign(['disable', '--yes']);
    expect((await expectDry(['destroy'], false)).possible).toBe(false);
    await bench.skipEpochs(4);
    await expectDry(['destroy'], true);
    await sign(['destroy', '--yes']);
  });

  it('starts', async () => {
    const started = await run(['start']);
    if (running === null) expect(errorOf(started).code).toBe('host.needs_console');
    else expect([0, 3]).toContain(started.code);
  });

  it('looks at itself', async () => {
    const ended = await run(['doctor']);
    const { checks } = read(doctorReportSchema, ended);
    expect(Object.fromEntries(checks.map(({ check, state }) => [check, state]))).toMatchObject({ clock: 'ok', keys: 'ok', folder: 'ok', database: 'ok', ports: 'ok', endpoints: 'ok', contract: 'ok', models: 'ok', disk: expect.any(String) });
    expect(ended.code).toBe(checks.some(({ state }) => state === 'failed') ? 7 : 0);
  });

  it('gives tokens to readers and takes them back; browsers and the fleet belong to a running console', async () => {
    const made = read(tokenReportSchema, await run(['token', 'create', '--scope', 'metrics', '--name', 'prometheus']));
    expect(made.secret.length).toBeGreaterThan(20);
    const [token] = read(tokensReportSchema, await run(['token', 'list'])).tokens;
    expect(token).toMatchObject({ name: 'prometheus', scope: 'metrics', lastUsedMs: null });
    expect((await run(['token', 'revoke', '--id', token?.id ?? ''])).code).toBe(0);
    expect(read(tokensReportSchema, await run(['token', 'list'])).tokens).toEqual([]);
    expect((await run(['token', 'create', '--scope', 'everything', '--name', 'x'])).code).toBe(2);
    const [sessions, ended, fleet] = [await run(['session', 'list']), await run(['session', 'end', '--id', '0123456789abcdef']), await run(['fleet'])];
    if (running === null) for (const one of [sessions, ended, fleet]) expect(errorOf(one).code).toBe('host.needs_console');
    else {
      expect(read(sessionsReportSchema, sessions).sessions).toEqual([]);
      expect(read(fleetReportSchema, fleet).consoles).toEqual([]);
      expect(ended.code).toBe(3); // nobody is signed in
    }
  });

  it('passes on what has no verb of its own, and nothing that signs', async () => {
    const themed = await run(['call', '--name', 'settings.theme', '--input', '{"theme":"dark"}']);
    if (running === null) expect(errorOf(themed).code).toBe('host.needs_console');
    else {
      expect(themed).toMatchObject({ code: 0, json: { theme: 'dark' } });
      expect(await run(['call', '--name', 'settings.theme', '--input', '{"theme":"pink"}'])).toMatchObject({ code: 2, json: { error: { code: 'bridge.bad_input' } } });
      expect((await run(['call', '--name', 'leave.start', '--input', '{"typed":"LEAVE"}'])).code).toBe(2);
    }
    for (const name of ['wallet.propose', 'wallet.confirm', 'keys.open', 'constructor', 'bogus']) expect((await run(['call', '--name', name])).code).toBe(2);
    expect((await run(['call', '--name', 'settings.get', '--input', '{'])).code).toBe(2);
  });

  it('was asked every verb there is', () => {
    expect(allVerbs.map(({ name }) => name).filter((name) => !tried.has(name))).toEqual([]);
  });
});

describe('on the newer contract', () => {
  let bench: Bench;
  beforeAll(async () => {
    bench = await openBench('G2');
  });
  afterAll(() => bench.stop());
  const signed = async (args: readonly string[]) => {
    const ended = await bench.run(args);
    expect(ended, ended.stdout).toMatchObject({ code: 0 });
    return read(signedReportSchema, ended);
  };

  it('takes the same verbs, with its own coin, units and rights', async () => {
    expect((await bench.run(['faucet'])).code).toBe(0);
    const { network } = read(balancesReportSchema, await bench.run(['balances']));
    expect(network.coin).toMatchObject({ symbol: 'USDC', decimals: 6 });
    expect(network.balance.value).toBeGreaterThan(0n);
    expect(await signed(['register'])).toMatchObject({ done: true, preview: { changes: [] } });
    // G2 fixes the units of a subscription, so that none need to be named.
    await signed(['subscribe', '--task', '1', '--price', '40000000']);
    expect(read(tasksReportSchema, await bench.run(['tasks'])).tasks.find((task) => task.taskSmallId === 1n)?.subscription).toEqual({ price: 40_000_000n, maxComputeUnits: 1_000_000n });
    expect((await signed(['stack', 'buy', '--task', '1', '--units', '1000', '--price', '50000000'])).preview.changes).toMatchObject([{ amount: expect.any(BigInt) }]);
    expect(read(stacksReportSchema, await bench.run(['stacks'])).stacks).toMatchObject([{ numComputeUnits: 1_000n }]);
    const create = await bench.run(['task', 'create', '--role', 'chat', '--private']);
    expect([create.code, errorOf(create).message]).toEqual([3, expect.any(String)]);
    // The stack is not confidential: nothing is paid at once.
    expect((await bench.run(['claim', '--stacks', '1', '--units', '1'])).code).toBe(3);
  });
});

describe('who may and who may not', () => {
  let bench: Bench;
  beforeAll(async () => {
    bench = await openBench();
  });
  afterAll(() => bench.stop());
  const flags = (): string[] => ['--json', '--data-dir', bench.dataDir, '--network', bench.networkFile];

  it('waits for a folder that is just taken, and gives up with the process that holds it', async () => {
    const held = lockDataFolder(bench.dataDir);
    const refused = await bench.run(['status'], { patienceMs: 150 });
    expect([refused.code, errorOf(refused)]).toMatchObject([6, { code: 'store.in_use', fields: { pid: process.pid } }]);
    const later = bench.run(['status']);
    held.release();
    expect((await later).code).toBe(0);
  });

  it('refuses the wrong passphrase, and says what is missing without a terminal', async () => {
    const wrong = bench.file('wrong', 'not the passphrase\n');
    expect(errorOf(await bench.run(['balances', ...flags(), '--passphrase-file', wrong], { bare: true })).code).toBe('keys.wrong_passphrase');
    chmodSync(wrong, 0o644);
    expect(errorOf(await bench.run(['balances', ...flags(), '--passphrase-file', wrong], { bare: true })).code).toBe('keys.too_open');
    expect(errorOf(await bench.run(['balances', ...flags(), '--passphrase-file', '/none'], { bare: true })).code).toBe('host.bad_flag');
  });

  it('signs nothing for a wrong passphrase at a running console', async () => {
    const running = await bench.startConsole();
    try {
      await bench.run(['faucet']);
      const before = await bench.checkpoint();
      const wrong = bench.file('another', 'not the passphrase\n');
      const refused = await bench.run(['register', ...flags(), '--passphrase-file', wrong], { bare: true });
      expect([refused.code, errorOf(refused).code]).toEqual([3, 'keys.wrong_passphrase']);
      expect(await bench.checkpoint()).toBe(before);
      expect(errorOf(await bench.run(['status', '--network', 'testnet', '--json', '--data-dir', bench.dataDir], { bare: true })).code).toBe('host.other_network');
    } finally {
      await running.stop('now');
    }
  });

  it('does not make a folder that it was only asked about', async () => {
    const ended = await bench.run(['status', '--json', '--data-dir', join(bench.folder, 'typo')], { bare: true });
    expect(errorOf(ended).code).toBe('host.no_console');
    expect(await bench.run(['doctor', '--json', '--data-dir', join(bench.folder, 'typo')], { bare: true })).toMatchObject({ code: 7, json: { checks: [{ check: 'console', state: 'failed' }] } });
  });
});

describe('as a process', () => {
  const entry = join(import.meta.dirname, 'headless.ts');
  const start = (args: readonly string[]) => spawnSync(process.execPath, [entry, ...args], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });

  it('prints one document and nothing else on stdout, and ends with the code', () => {
    const nowhere = join(tmpdir(), 'no-console-was-ever-here');
    const ended = start(['status', '--json', '--data-dir', nowhere]);
    expect([ended.status, ended.stderr]).toEqual([3, '']);
    expect(JSON.parse(ended.stdout)).toMatchObject({ error: { code: 'host.no_console', fields: { folder: nowhere } } });
    expect(existsSync(nowhere)).toBe(false);
  });

  it('helps without a console', () => {
    const ended = start(['help']);
    expect([ended.status, ended.stderr]).toEqual([0, '']);
    for (const { name } of allVerbs) expect(ended.stdout).toContain(name.split(' ')[0]);
  });

  it('still refuses flags that no start knows', () => {
    expect(start(['--bogus'])).toMatchObject({ status: 1, stdout: '' });
  });
});
