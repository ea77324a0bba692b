/** What both entries share, on a real folder: flags, paths, log, claim of the folder, secure pages over a node in miniature. */
import { chmodSync, mkdtempSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { AppError } from '../../src-shared/errors.ts';
import { callCases, stubHandlers } from './call-cases.ts';
import { consolePaths } from './console-paths.ts';
import { fatalText } from './fatal-text.ts';
import { defaultDataDir, parseFlags, readPassphrase, readProfile, readVersion } from './flags.ts';
import { openLogFile } from './log-file.ts';
import { createLogRing } from './log-ring.ts';
import { startConsole, type HostedNode, type HostParts } from './start-console.ts';

const folder = (): string => mkdtempSync(join(tmpdir(), 'console-'));
const file = (content: string, mode = 0o600): string => {
  const path = join(folder(), 'file');
  writeFileSync(path, content);
  chmodSync(path, mode);
  return path;
};

const noTls = { listen: null, tlsCert: null, tlsKey: null, allowHost: null, securePort: null };

describe('flags', () => {
  it('reads them', () => {
    expect(parseFlags(['--network', '/n.json', '--data-dir=/d', '--fresh', '--port', '8080', '--passphrase-file', '/p'])).toEqual({
      networkFile: '/n.json', dataDir: '/d', fresh: true, hidden: false, port: 8080, passphraseFile: '/p', tls: noTls,
    });
    expect(parseFlags([])).toEqual({ networkFile: null, dataDir: null, fresh: false, hidden: false, port: 0, passphraseFile: null, tls: noTls });
  });

  it.each([[['--bogus']], [['stray']], [['--port', 'x']], [['--port', '70000']], [['--port', '-1']], [['--network']], [['--network', '']], [['--fresh=1']]])('refuses %j', (args) => {
    expect(() => parseFlags(args)).toThrow(expect.objectContaining({ code: 'host.bad_flag' }));
  });

  it('passes over what is Chromium\'s', () => {
    expect(parseFlags(['--no-sandbox', '--disable-gpu', '/app', '--data-dir', '/d', '--remote-debugging-port=0'], { lenient: true })).toMatchObject({ dataDir: '/d', port: 0 });
    expect(() => parseFlags(['--data-dir'], { lenient: true })).toThrow(expect.objectContaining({ code: 'host.bad_flag' }));
  });

  it('reads the files they name', () => {
    const { profile } = callCases['setup.customNetwork'].input;
    expect(readProfile(file(JSON.stringify(profile)))).toEqual(profile);
    for (const content of ['{', '{}', JSON.stringify({ ...profile, endpoints: ['http://evil.example'] })]) expect(() => readProfile(file(content))).toThrow(expect.objectContaining({ code: 'network.bad_profile' }));
    expect(() => readProfile('/none')).toThrow(expect.objectContaining({ code: 'network.bad_profile' }));
    expect(readPassphrase(file('correct horse\r\nmore'))).toBe('correct horse');
    expect(readVersion(file('{"version":"1.2.3"}'))).toBe('1.2.3');
  });

  it.skipIf(process.platform === 'win32')('refuses a passphrase file that others can read', () => {
    expect(() => readPassphrase(file('x', 0o644))).toThrow(expect.objectContaining({ code: 'keys.too_open' }));
  });

  it('chooses the data folder by the customs of the system', () => {
    expect(defaultDataDir('linux', { XDG_DATA_HOME: '/x' })).toBe('/x/operator-console');
    expect(defaultDataDir('win32', { APPDATA: '/a' })).toBe('/a/operator-console');
  });
});

describe('consolePaths', () => {
  it.each([
    ['/r/out/main/headless.cjs', { sandboxModule: '/r/out/main/sandbox.cjs', secondNodeModule: '/r/out/main/second-node.cjs', inferenceModule: '/r/out/main/inference.cjs', wasmModule: '/r/out/main/wasm.cjs', modelsDir: '/r/resources/models' }],
    ['/r/src-main/headless.ts', { sandboxModule: '/r/src-main/sandbox/main.ts', secondNodeModule: '/r/src-main/second-node.ts', inferenceModule: '/r/src-main/inference/process.ts', wasmModule: '/r/src-main/wasm/process.ts', modelsDir: '/r/resources/models' }],
    ['/r/app.asar/out/main/main.cjs', { sandboxModule: '/r/app.asar/out/main/sandbox.cjs', secondNodeModule: '/r/app.asar/out/main/second-node.cjs', inferenceModule: '/r/app.asar/out/main/inference.cjs', wasmModule: '/r/app.asar/out/main/wasm.cjs', modelsDir: '/r/app.asar.unpacked/resources/models' }],
  ])('%s', (entry, expected) => {
    const root = entry.split(/\/(?:out|src-main)\//)[0] ?? '';
    expect(consolePaths(entry)).toEqual({ ...expected, rendererDir: `${root}/out/renderer`, preload: `${root}/out/preload/preload.cjs`, iconsDir: `${root}/resources/icons`, packageFile: `${root}/package.json` });
  });
});

describe('log', () => {
  it('keeps the newest events and filters them, newest first', () => {
    const ring = createLogRing(3);
    for (let at = 1; at <= 10; at += 1) ring.add({ atMs: at, level: at % 2 === 0 ? 'warn' : 'debug', event: `e.${at}`, fields: { Name: `n${at}` } });
    const times = (query: Parameters<typeof ring.query>[0]): number[] => ring.query(query).map((event) => event.atMs);
    expect(times({ limit: 9, level: 'debug', text: '' })).toEqual([10, 9, 8]);
    expect(times({ limit: 9, level: 'info', text: '' })).toEqual([10, 8]);
    expect(times({ limit: 9, level: 'debug', text: 'N9' })).toEqual([9]);
    expect(times({ limit: 1, level: 'debug', text: '' })).toEqual([10]);
  });

  it('writes a private file, turns it over at its size, and tells the first failure', () => {
    const at = folder();
    const failures: unknown[] = [];
    const log = openLogFile(at, { onFailure: (error) => failures.push(error), maxBytes: 10 });
    for (const line of ['12345678901\n', 'b\n']) log.write(line);
    expect(readFileSync(join(at, 'console.1.log'), 'utf8')).toBe('12345678901\n');
    expect(readFileSync(join(at, 'console.log'), 'utf8')).toBe('b\n');
    if (process.platform !== 'win32') expect(statSync(join(at, 'console.log')).mode & 0o777).toBe(0o600);
    log.close();
    for (const line of ['c\n', 'd\n']) log.write(line);
    expect(failures).toHaveLength(1);
  });

  it('prints where a bug came from, without secrets, and only the sentence of everything else', () => {
    const secret = 'suiprivkey1qy4m7fdrldgu9ewxah606922ng3c2jtrpxfwaa4s34v9tu28tgxku6wnztq';
    const bug = fatalText(new AppError('bug.unexpected', {}, { cause: new Error(`broken ${secret}`) }));
    expect(bug).toContain('broken [redacted]');
    expect(bug).not.toContain(secret);
    expect(fatalText(new AppError('store.in_use', { pid: 7 }))).toBe('Another console (process 7) already uses this data folder. Close it first.\n');
  });
});

describe('startConsole', () => {
  type Acts = string[];
  const nodeOver = (acts: Acts): HostedNode => ({
    handlers: stubHandlers(),
    onTopic: () => () => undefined,
    readers: { allows: () => false, metrics: async () => '', summary: async () => Promise.reject(new Error('none')), encode: () => null, idleMs: () => 60_000 },
    running: () => 0,
    woke: () => undefined,
    stop: async (mode) => void acts.push(`stop ${mode}`),
    secure: {
      keys: () => callCases['keys.get'].output,
      needsNewPassphrase: () => true,
      grave: () => 'button',
      createKey: async () => ({ phrase: '' }),
      confirmBackup: async () => undefined,
      importKey: async () => undefined,
      restore: async () => undefined,
      unlock: async () => undefined,
      exportNodeKeys: async () => new Uint8Array(),
      rehearse: async () => undefined,
      rotateLiveness: async () => undefined,
      proposal: (id) => (acts.includes(`decline ${id}`) ? null : callCases['wallet.propose'].output),
      approve: async () => undefined,
      decline: (id) => void acts.push(`decline ${id}`),
    },
    command: { confirmedBy: () => 'passphrase', approve: async () => undefined, decline: () => undefined },
  });

  async function start(dataDir: string, acts: Acts = []) {
    const opened: string[] = [];
    const given: HostParts[] = [];
    const running = await startConsole(
      { dataDir, sandboxModule: '/none', fresh: false, passage: true },
      {
        createNode: async (parts) => {
          given.push(parts);
          return nodeOver(acts);
        },
        openSecurePage: async (token) => {
          opened.push(token);
          return { url: `http://localhost/secure/${token}` };
        },
        onFatal: () => undefined,
      },
    );
    return { running, opened, parts: given[0] as HostParts };
  }

  it('claims the folder for as long as it runs', async () => {
    const dataDir = folder();
    const acts: Acts = [];
    const { running } = await start(dataDir, acts);
    await expect(start(dataDir)).rejects.toMatchObject({ code: 'store.in_use' });
    await running.stop('finish');
    expect(acts).toEqual(['stop finish']);
    await (await start(dataDir)).running.stop('now');
  });

  it('frees the folder when the node does not start', async () => {
    const dataDir = folder();
    const failing = startConsole(
      { dataDir, sandboxModule: '/none', fresh: false, passage: true },
      { createNode: () => Promise.reject(new AppError('store.damaged', { detail: 'x' })), openSecurePage: async () => ({ url: null }), onFatal: () => undefined },
    );
    await expect(failing).rejects.toMatchObject({ code: 'store.damaged' });
    await (await start(dataDir)).running.stop('now');
  });

  it('opens secure pages by token and declines a confirmation whose window was closed, once', async () => {
    const acts: Acts = [];
    const { running, opened, parts } = await start(folder(), acts);
    await parts.openSecurePage({ kind: 'confirm', proposalId: 'p1' });
    const token = opened[0] ?? '';
    const get = () => running.securePages({ method: 'GET', token, contentType: '', body: new Uint8Array() });
    expect((await get()).status).toBe(200);
    running.closeSecurePage(token);
    running.closeSecurePage(token);
    expect(acts).toEqual(['decline p1']);
    expect((await get()).status).toBe(410);
    await running.stop('now');
  });

  it('logs to the file what is above debug, and offers all of it to the log view', async () => {
    const dataDir = folder();
    const { running, parts } = await start(dataDir);
    parts.log.debug('x.debug');
    parts.log.warn('x.warn', { passphrase: 'correct horse' });
    const written = readFileSync(join(dataDir, 'logs', 'console.log'), 'utf8');
    expect(written).toContain('x.warn');
    expect(written).not.toContain('x.debug');
    expect(written).not.toContain('correct horse');
    expect(parts.logRing({ limit: 2, level: 'debug', text: 'x.' }).map((event) => event.event)).toEqual(['x.warn', 'x.debug']);
    await running.stop('now');
  });
});
