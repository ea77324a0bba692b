/** Samples of the calls about the set-up, the settings and the sandbox (the table of the parity test). */
import type { settingsCalls } from '../../../src-shared/bridge/calls.ts';
import type { MachineCheck, ProvidersView, SettingsView, SetupView } from '../../../src-shared/bridge/views.ts';
import { address, amount, coin, done, keys, shownError, unknownAmount, type CasesOf } from './samples.ts';

const machine: MachineCheck = {
  atMs: 9,
  rules: [{ rule: 'cpu', status: 'ok', found: '8 cores', needed: '2 cores', fix: null }],
  providers: [{ provider: 'cpu', ok: true, tokensPerSecond: 310.5, reason: null, remedy: null }],
};
const providers: ProvidersView = {
  order: ['webgpu', 'cpu'],
  isChosen: true,
  available: ['cpu', 'webgpu', 'cuda'],
  probes: [{ provider: 'webgpu', ok: false, tokensPerSecond: null, reason: 'No adapter.', remedy: 'Update the driver.' }],
  checkedAtMs: 9,
  devices: [{ id: 'cpu:0', provider: 'cpu', index: 0, process: 'ready', restarts: 1, lastError: null, loaded: ['m@1'], running: 2 }],
  falls: [{ provider: 'webgpu', reason: 'No adapter.', remedy: 'Update the driver.' }],
};
const setup: SetupView = {
  done: false,
  current: 'funds',
  finished: ['network', 'key', 'machine'],
  networks: [{ id: 'sandbox', name: 'Sandbox', kind: 'sandbox', hasCoordinator: true, note: null }],
  networkId: 'sandbox',
  keys,
  machine,
  funds: { suiMist: amount, coin, balance: unknownAmount, collateralNeeded: amount, gasNeededMist: 40_000_000n, faucet: true, gasFaucet: true },
  registration: { nodeSmallId: null, collateral: unknownAmount },
  subscriptions: [1n],
};
const policies = {
  autoSettle: true,
  settleAtPercent: 95,
  settleWhenIdleMs: 600_000,
  autoClaim: true,
  gasReserveTransactions: 20,
  maxParallel: 2,
  cancelWindowMs: 300_000,
  autoAttest: true,
  selfAuditSample: 3,
  waitForAttestors: true,
};
const settings: SettingsView = {
  theme: 'dark',
  language: { tag: 'en', formats: 'language' },
  policies,
  network: {
    id: 'sandbox',
    name: 'Sandbox',
    generation: 'G1',
    chainId: 'abc',
    endpoints: ['http://127.0.0.1:4001'],
    atomaPackageId: address,
    atomaDbId: address,
    coordinatorUrl: 'ws://127.0.0.1:4002/v1/link',
    coordinatorId: null,
    health: [{ url: 'http://127.0.0.1:4001', status: 'behind' as const, latencyMs: 4, readAtMs: 5, chainId: 'abc', epoch: 7n, checkpoint: 1_000n, lastError: shownError }],
  },
  keys,
  parked: [{ table: 'jobs', id: 'x', reason: 'stage' }],
};

export const settingsCases: CasesOf<typeof settingsCalls> = {
  'setup.get': { input: {}, output: setup },
  'setup.network': { input: { networkId: 'sandbox' }, output: setup },
  'setup.customNetwork': {
    input: {
      profile: {
        id: 'mine',
        name: 'Mine',
        kind: 'custom',
        generation: 'G1',
        chainId: null,
        endpoints: ['https://node.example'],
        atomaPackageId: address,
        atomaDbId: address,
        coin,
        faucet: null,
        coordinatorUrl: null,
        coordinatorId: null,
        sandboxControlUrl: null,
      },
    },
    output: setup,
  },
  'setup.machineCheck': { input: {}, output: machine },
  'setup.faucet': { input: {}, output: done },
  'setup.start': { input: {}, output: { ...setup, done: true, current: null } },
  'settings.get': { input: {}, output: settings },
  'settings.theme': { input: { theme: 'light' }, output: settings },
  'settings.language': { input: { tag: null, formats: 'system' }, output: settings },
  'settings.policies': { input: { policies }, output: settings },
  'inference.providers': { input: {}, output: providers },
  'inference.setProviders': { input: { order: ['webgpu', 'cpu'] }, output: providers },
  'settings.trustCoordinator': { input: { coordinatorId: address }, output: settings },
  'logs.list': {
    input: { limit: 5, level: 'info', text: '' },
    output: [{ atMs: 1, level: 'info', event: 'x.y', fields: { a: [1, null, 'z'] } }],
  },
  'sandbox.get': {
    input: {},
    output: {
      epoch: 3n,
      epochLengthMs: null,
      nextEpochMs: null,
      demand: { running: true, buyers: 2, requestsPerMinute: 30, stackUnits: 2_000, price: 100, taskSmallIds: [1, 2], functions: true },
      totals: { requestsSent: 1, accepted: 1, rejected: 0, declined: 0, failed: 0, stacksBought: 1 },
      faults: { dropLink: false, slowChainMs: 0, chainDown: false },
      attestations: { probabilityPermille: 10, extraNodes: 1 },
      secondNode: { mode: 'honest', state: 'running', nodeSmallId: 2n, stacksAttested: 1, lastError: null },
      lastError: null,
    },
  },
  'sandbox.setEpochLength': { input: { epochLengthMs: 60_000 }, output: done },
  'sandbox.skipEpochs': { input: { epochs: 2 }, output: done },
  'sandbox.setDemand': {
    input: { running: true, buyers: 2, requestsPerMinute: 30, stackUnits: 2_000, price: 100, taskSmallIds: [1], functions: false },
    output: done,
  },
  'sandbox.offerRole': { input: { role: 4 }, output: done },
  'sandbox.setFaults': { input: { dropLink: true, slowChainMs: 0, chainDown: false }, output: done },
  'sandbox.setAttestations': { input: { probabilityPermille: 1_000, extraNodes: 2 }, output: done },
  'sandbox.setSecondNode': { input: { mode: 'silent' }, output: done },
};
