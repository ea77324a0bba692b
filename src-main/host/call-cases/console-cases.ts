/** Samples of the calls about the console itself: desktop, diagnostics, access and fleet (the table of the parity test). */
import type { desktopCalls } from '../../../src-shared/bridge/desktop-calls.ts';
import type { diagnosticsCalls } from '../../../src-shared/bridge/diagnostics-calls.ts';
import type { fleetCalls } from '../../../src-shared/bridge/fleet-calls.ts';
import type { remoteCalls } from '../../../src-shared/bridge/remote-calls.ts';
import { coin, done, type CasesOf } from './samples.ts';

const desktop = {
  keepInTray: true,
  startAtLogin: false,
  startHidden: true,
  stayAwake: false,
  notices: { everyMinutes: 5, kinds: { state: true, keys: true, link: false, chain: true, money: true, attestations: true, machine: true } },
};

export const consoleCases: CasesOf<typeof desktopCalls & typeof diagnosticsCalls & typeof remoteCalls & typeof fleetCalls> = {
  'desktop.get': { input: {}, output: { isDesktop: true, settings: desktop } },
  'desktop.set': { input: { settings: desktop }, output: { isDesktop: false, settings: desktop } },
  'diagnostics.doctor': {
    input: {},
    output: { atMs: 1, checks: [{ check: 'clock', state: 'ok', proof: '0.1 s ahead of the chain', fix: null }, { check: 'disk', state: 'failed', proof: '0.2 GiB free', fix: 'Free some disk space.' }] },
  },
  'diagnostics.bundle': {
    input: { hideAddresses: true },
    output: { fileName: 'operator-console-diagnostics.txt', atMs: 1, lines: [{ part: 'log', text: 'wallet [redacted address]', removed: ['address'] }] },
  },
  'diagnostics.report': { input: { page: '/stacks', message: 'x is not a function', trace: 'at Stacks' }, output: done },
  'remote.get': {
    input: {},
    output: {
      address: 'http://127.0.0.1:4100',
      tls: false,
      hostNames: [],
      idleMinutes: 720,
      sessions: [{ id: 'ab', createdMs: 1, lastSeenMs: 3, lastActiveMs: 2, address: '127.0.0.1', browser: 'Firefox 140 on Linux', current: true }],
      tokens: [{ id: 'cd', name: 'grafana', scope: 'metrics', createdMs: 1, lastUsedMs: null }],
    },
  },
  'remote.endSession': { input: { id: 'ab' }, output: done },
  'remote.endOthers': { input: {}, output: done },
  'remote.setIdle': { input: { minutes: 60 }, output: done },
  'remote.createToken': { input: { name: 'grafana', scope: 'metrics' }, output: { id: 'cd', secret: 'ocr_x' } },
  'remote.revokeToken': { input: { id: 'cd' }, output: done },
  'fleet.list': {
    input: {},
    output: [
      {
        id: 'ef', name: 'rig', url: 'https://rig.example', pinned: 'AA:BB', offered: null, lastSeenMs: 5, askedMs: 6, problem: 'timeout',
        summary: {
          v: 1, version: '0.1.0', atMs: 5, network: { id: 'sandbox', name: 'Sandbox', kind: 'sandbox' }, nodeSmallId: 1n, state: 'READY', reason: 'waiting_for_work', sinceMs: 1, running: 0, subscribedTasks: 1, tokensPerSecond: null, coin,
          earnedToday: 12_345_678_901_234_567_890n, earned30Days: null, pending: 0n, claimable: null, alerts: [{ level: 'warning', message: 'Low on SUI.', sinceMs: 1 }],
        },
      },
    ],
  },
  'fleet.add': { input: { name: 'rig', url: 'https://rig.example', token: 'ocr_0123456789abcdefghij' }, output: { id: 'ef' } },
  'fleet.remove': { input: { id: 'ef' }, output: done },
  'fleet.refresh': { input: { id: 'ef' }, output: done },
  'fleet.trust': { input: { id: 'ef', certificate: 'AA:BB' }, output: done },
};
