/** The doctor over facts: a well node, and each thing that can be wrong by itself. */
import { describe, expect, it } from 'vitest';
import { doctorReportSchema, type DoctorCheck } from '../../src-shared/bridge/diagnostics-calls.ts';
import { diagnose, type DoctorFacts } from './doctor.ts';

const gib = 2 ** 30;
const well: DoctorFacts = {
  serving: true,
  clock: [{ offsetMs: 400, source: 'chain' }, { offsetMs: -1_200, source: 'coordinator' }],
  keys: { exists: true, unlocked: true, store: 'passphrase', storeName: 'sealed file', backupConfirmed: true },
  keychain: { available: false, name: 'Secret Service', detail: 'no session' },
  disk: { freeBytes: 40 * gib },
  folder: { path: '/data', excess: 0 },
  databases: [{ name: 'console', verdict: 'ok' }, { name: 'network', verdict: 'ok' }],
  parkedRows: 0,
  loopback: { ok: true, problem: null },
  network: { name: 'Sandbox', chainId: 'abc', hasCoordinator: true },
  endpoints: [{ url: 'http://127.0.0.1:1', answeredMs: 3, chainId: 'abc', problem: null }],
  contract: { ok: true, detail: 'generation G1 at 0x1' },
  link: { status: 'connected', problem: null },
  provider: [{ provider: 'cpu', ok: true, detail: null }, { provider: 'cuda', ok: false, detail: 'no GPU' }],
  models: { ready: 1, served: 1, subscribed: 1 },
  confidential: { serves: 'no', why: 'no hardware', subscribed: 0, problem: null },
};
const endpoint = well.endpoints[0]!;
const silent = { ...endpoint, url: 'http://b', answeredMs: null, chainId: null, problem: 'does not answer' };

describe('diagnose', () => {
  it('finds nothing wrong with a node that is well, and each check once', () => {
    const checks = diagnose(well);
    expect(checks.filter(({ state }) => state !== 'ok')).toEqual([]);
    expect(new Set(checks.map(({ check }) => check)).size).toBe(checks.length);
    expect(doctorReportSchema.parse({ atMs: 1, checks }).checks).toEqual(checks);
    expect(checks.find(({ check }) => check === 'clock')?.proof).toBe('1.2 s behind the coordinator');
  });

  it.each<[DoctorCheck['check'], DoctorCheck['state'], Partial<DoctorFacts>]>([
    ['clock', 'unknown', { clock: [] }],
    ['clock', 'ok', { clock: [{ offsetMs: 30_000, source: 'chain' }] }],
    ['clock', 'warning', { clock: [{ offsetMs: 30_001, source: 'chain' }] }],
    ['clock', 'warning', { clock: [{ offsetMs: -90_000, source: 'chain' }, { offsetMs: 0, source: 'coordinator' }] }],
    ['clock', 'failed', { clock: [{ offsetMs: 0, source: 'chain' }, { offsetMs: -90_001, source: 'coordinator' }] }],
    ['keychain', 'failed', { keys: { ...well.keys, store: 'keychain' } }],
    ['keys', 'failed', { keys: { ...well.keys, exists: false } }],
    ['keys', 'failed', { keys: { ...well.keys, unlocked: false } }],
    ['keys', 'unknown', { serving: false, keys: { ...well.keys, unlocked: false } }],
    ['keys', 'warning', { keys: { ...well.keys, backupConfirmed: false } }],
    ['disk', 'unknown', { disk: { freeBytes: null } }],
    ['disk', 'warning', { disk: { freeBytes: 5 * gib - 1 } }],
    ['disk', 'failed', { disk: { freeBytes: gib - 1 } }],
    ['folder', 'failed', { folder: { path: '/data', excess: 0o050 } }],
    ['database', 'failed', { databases: [{ name: 'network', verdict: 'row 3 missing from index' }] }],
    ['database', 'warning', { parkedRows: 2 }],
    ['ports', 'failed', { loopback: { ok: false, problem: 'EACCES' } }],
    ['endpoints', 'unknown', { network: null, endpoints: [] }],
    ['endpoints', 'failed', { endpoints: [{ ...endpoint, chainId: 'other' }] }],
    ['endpoints', 'failed', { endpoints: [silent] }],
    ['endpoints', 'warning', { endpoints: [endpoint, silent] }],
    ['contract', 'unknown', { contract: null }],
    ['contract', 'failed', { contract: { ok: false, detail: 'register_node_entry has 5 parameters' } }],
    ['link', 'unknown', { link: null }],
    ['link', 'warning', { link: { status: 'connecting', problem: null } }],
    ['link', 'failed', { link: { status: 'refused', problem: 'clock_skew' } }],
    ['link', 'warning', { network: { name: 'Testnet', chainId: null, hasCoordinator: false }, link: null }],
    ['provider', 'unknown', { provider: null }],
    ['provider', 'failed', { provider: [{ provider: 'cpu', ok: false, detail: 'no runtime' }] }],
    ['models', 'failed', { models: { ready: 0, served: 0, subscribed: 0 } }],
    ['models', 'warning', { models: { ready: 1, served: 1, subscribed: 2 } }],
    ['confidential', 'unknown', { confidential: null }],
    ['confidential', 'ok', { confidential: { serves: 'hardware', why: null, subscribed: 1, problem: null } }],
    ['confidential', 'warning', { confidential: { serves: 'simulated', why: null, subscribed: 1, problem: null } }],
    ['confidential', 'failed', { confidential: { serves: 'hardware', why: null, subscribed: 1, problem: 'no report' } }],
    ['confidential', 'failed', { confidential: { serves: 'no', why: 'no hardware', subscribed: 2, problem: null } }],
  ])('%s is %s', (check, state, change) => {
    const checks = diagnose({ ...well, ...change });
    const one = checks.find((found) => found.check === check);
    expect(one?.state).toBe(state);
    expect(one?.proof).not.toBe('');
    // What is not well says what to do, and what is well says nothing.
    expect(one?.fix === null).toBe(state === 'ok');
    expect(checks.filter((other) => other.check !== check && other.state === 'failed')).toEqual([]);
  });

  it('names the command that mends the folder', () => {
    expect(diagnose({ ...well, folder: { path: '/data', excess: 0o055 } }).find(({ check }) => check === 'folder')).toMatchObject({ proof: expect.stringContaining('055'), fix: expect.stringMatching(/run chmod 700 \/data$/) });
  });
});
