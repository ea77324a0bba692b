/** One sample of every call, as JSON in and decoded value out: the table of the parity test; a new call without a row does not compile (architecture.md, "The bridge"). */
import type { z } from 'zod';
import type { AttestationView, OwnTicketView, StackAuditView } from '../../src-shared/bridge/attestation-calls.ts';
import type { EngineCheck, EngineSettings } from '../../src-shared/bridge/engine-calls.ts';
import type { ConfidentialView } from '../../src-shared/bridge/confidential-calls.ts';
import type { IngressSettings } from '../../src-shared/bridge/ingress-calls.ts';
import type { CallName, CallOutput, Calls, Handlers } from '../../src-shared/bridge/index.ts';
import type { Preview } from '../../src-shared/bridge/intents.ts';
import type { KeysView, MachineCheck, ProvidersView, SettingsView, SetupView } from '../../src-shared/bridge/views.ts';

/** Input as it crosses the bridge, output as a handler returns it. */
export type CallCases = { [N in CallName]: { input: z.input<Calls[N]['input']>; output: CallOutput<N> } };

const coin = { type: '0x2::toma::TOMA', symbol: 'TOMA', decimals: 9 };
const address = `0x${'ab'.repeat(32)}`;
const amount = { value: 12_345_678_901_234_567_890n, source: 'chain' as const, readAtMs: 5 };
const unknownAmount = { value: null, source: 'coordinator' as const, readAtMs: null };
const shownError = { code: 'chain.unreachable', message: 'The chain endpoint does not answer.', atMs: 3 };
const done = {};

const keys: KeysView = {
  exists: true,
  unlocked: true,
  store: { kind: 'passphrase', name: 'sealed file' },
  keychain: { available: false, name: 'Secret Service', detail: 'no D-Bus' },
  backupConfirmed: true,
  nodeId: address,
  walletAddress: address,
  livenessAddress: address,
};
const engine: EngineSettings = { id: 'a1', name: 'Rig', kind: 'vllm', url: 'http://10.0.0.2:8000', enabled: true, concurrency: 8, queue: 8, models: [{ id: 'tiny-chat@1', engineModel: 'tiny', role: 0, contextTokens: null }] };
const engineCheck: EngineCheck = { atMs: 1, tookMs: 2, version: null, models: [{ id: 'tiny', contextTokens: 4_096 }], problem: { code: 'engine.unreachable', message: 'down' } };
const confidential: ConfidentialView = {
  serves: 'simulated', whyNot: null, signs: [{ what: 'sev_guest', found: 'no', proof: '/dev/sev-guest is not there' }], rehearsal: { possible: true, on: true },
  key: { publicKey: 'ab'.repeat(32), announced: { counter: 3n, atMs: 5, digest: 'd' } }, problem: { code: 'confidential.no_evidence', message: 'no evidence' },
};
const ingress: IngressSettings = { enabled: true, reach: 'everywhere', port: 4_100, maxConnections: 9, publicUrl: 'https://node.example', country: 'DE', announceTo: 'https://list.example' };
const hash = 'ab'.repeat(32);
const attestation: AttestationView = {
  stackSmallId: 3n, taskSmallId: 2n, selectedNode: 2n, ownStack: false, places: 1, requested: [7n, 9n], attested: [9n], phase: 'asks', waitsFor: null, reason: 'difference', urgent: true,
  disputeSettledAtEpoch: 10n, deadlineMs: 99, penalty: 100n, reward: 570_000_000_000_000_000_000n, frozen: 9n, done: 3, total: null, differing: 1, strangers: 0, committedProof: hash, ownProof: null,
  canAttest: false, canStaySilent: true, canRestart: true, canDispute: true, digest: null, lastError: shownError, dismissed: false, updatedMs: 4,
};
const ownTicket: OwnTicketView = { stackSmallId: 12n, taskSmallId: 2n, requested: [9n], attested: [], missing: [9n], isInDispute: false, disputeSettledAtEpoch: 10n, waitsUntilEpoch: 10n };
const stackAudit: StackAuditView = {
  stackSmallId: 3n, status: 'failed', entries: 40, sampleSize: 3, checked: 3, differing: 1, missing: 0, rootFound: hash, rootKept: hash, lastError: null, updatedMs: 4,
};
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
  funds: { suiMist: amount, coin, balance: unknownAmount, collateralNeeded: amount, gasNeededMist: 40_000_000n, faucet: true },
  registration: { nodeSmallId: null, collateral: unknownAmount },
  subscriptions: [1n],
};
const desktop = {
  keepInTray: true,
  startAtLogin: false,
  startHidden: true,
  stayAwake: false,
  notices: { everyMinutes: 5, kinds: { state: true, keys: true, link: false, chain: true, money: true, attestations: true, machine: true } },
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
const outcome = { digest: 'D1', status: 'success' as const, gasMist: -1_500n, error: null, effects: 'AAEC' };
const preview: Preview = {
  intent: { kind: 'subscribe', taskSmallId: 1n, price: 100n, maxComputeUnits: 2_000n },
  terms: { priceUnit: 1n, takesCollateral: true },
  possible: true,
  problem: null,
  changes: [{ coin, amount: -1_000n }],
  gasMist: 2_000n,
  warnings: [],
  irreversible: false,
};
const proposal = { proposalId: 'p1', preview, expiresMs: 600_000 };

/** One request with every field filled. */
const oneJob = {
    taskId: '01J00000000000000000000000',
    stackSmallId: 12n,
    taskSmallId: 1n,
    workloadClass: 'ai.inference',
    model: 'sandbox/tiny-chat',
    stage: 'proved',
    receivedMs: 1,
    finishedMs: null,
    promptTokens: 12,
    completionTokens: null,
    computeUnits: 40n,
    timing: { queuedMs: 1, decryptMs: 2, executeMs: 3, totalMs: 6 },
    proof: 'ab',
    entryIndex: 0,
    acknowledged: 'accepted',
    code: null,
    detail: null,
  } satisfies CallOutput<'jobs.get'>;

/** The table. */
export const callCases: CallCases = {
  'app.info': { input: {}, output: { version: '0.1.0', host: 'headless', electron: null, node: '24', platform: 'linux' } },
  'node.get': {
    input: {},
    output: {
      state: 'EXECUTING',
      reason: 'running',
      sinceMs: 1,
      paused: false,
      nodeSmallId: 18_446_744_073_709_551_615n,
      subscribedTasks: 1,
      slots: { used: 1, total: 2 },
      running: [{ taskId: '01J00000000000000000000000', stackSmallId: 12n, model: 'tiny', startedMs: 2, tokens: 40 }],
      tokensPerSecond: 38.2,
      link: { status: 'connected', url: null, sinceMs: 4, coordinatorId: null, lastError: shownError, nextAttemptMs: null },
      chain: { status: 'ok', endpoint: null, chainId: null, epoch: 7n, epochEndsAtMs: null, readAtMs: 1, lastError: null },
      network: { id: 'sandbox', name: 'Sandbox', kind: 'sandbox' },
      terms: { priceUnit: 1_000_000n, fixedMaxComputeUnits: null, resting: 'park', samplingConsensusPermille: 1_200n },
      coin,
    },
  },
  'node.timeline': { input: { sinceMs: 0 }, output: [{ state: 'READY', reason: 'waiting_for_work', fromMs: 0, untilMs: null }] },
  'node.whyIdle': {
    input: {},
    output: [
      {
        rule: 'price', group: 'market', status: 'failed', taskSmallId: 1n, figures: { paying: 0, buyers: 9 }, amounts: { price: 18_446_744_073_709_551_615n }, words: { model: 'a' },
        fix: { kind: 'page', page: 'tasks' },
      },
    ],
  },
  'node.alerts': { input: {}, output: [{ id: 'a', level: 'warning', code: 'gas', message: 'Low', page: 'setup', sinceMs: 1 }] },
  'node.pause': { input: {}, output: done },
  'node.resume': { input: {}, output: done },
  'leave.get': {
    input: {},
    output: {
      leaving: true,
      startedMs: 1,
      startedEpoch: 4n,
      canCancel: true,
      cancelBlockedBy: null,
      cancelWindowEndsMs: 9,
      disabledAtEpoch: null,
      collateralUnlocksAtEpoch: null,
      cooldownEndsMs: null,
      left: false,
      consequences: {
        openStacks: 1,
        openValue: 10n,
        claimableValue: 0n,
        runningJobs: 0,
        subscriptions: 1,
        collateral: amount,
        epochsToWait: 3,
        coin,
      },
      steps: [{ step: 'park', status: 'current', detail: null }],
    },
  },
  'leave.start': { input: { typed: 'LEAVE' }, output: done },
  'leave.cancel': { input: {}, output: done },
  'earnings.get': {
    input: {},
    output: {
      coin,
      earned: { today: 0n, days7: 1n, days30: 2n, all: 3n },
      pending: amount,
      claimable: amount,
      claimed: unknownAmount,
      gasMist: -12n,
      reputation: { value: 50, source: 'chain', readAtMs: 1 },
      collateral: amount,
    },
  },
  'earnings.series': { input: { range: 'days7' }, output: [{ bucketMs: 0, taskSmallId: 1n, amount: 5n, jobs: 2 }] },
  'stacks.list': {
    input: { unfinishedOnly: true },
    output: [
      {
        stackSmallId: 12n,
        taskSmallId: 1n,
        model: null,
        phase: 'challenge',
        owner: address,
        price: 100n,
        numComputeUnits: 2_000n,
        usedUnits: 1_900n,
        awaitingAck: 0,
        claimedUnits: 1_900n,
        value: 190_000n,
        gasMist: 4n,
        disputeSettledAtEpoch: 9n,
        epoch: 8n,
        settleDigest: 'D',
        claimDigest: null,
        lastError: shownError,
        updatedMs: 1,
      },
    ],
  },
  'stacks.settle': { input: { stackSmallId: '12' }, output: outcome },
  'stacks.claim': { input: { stackSmallIds: ['12', '18446744073709551615'] }, output: outcome },
  'ledger.list': {
    input: { limit: 10, before: null },
    output: [
      {
        id: 'D/0',
        kind: 'claim',
        digest: 'D',
        eventIndex: 0,
        atMs: 1,
        epoch: 8n,
        stackSmallId: 12n,
        taskSmallId: 1n,
        amount: -5n,
        coin,
        fiat: { amount: '-0.000000000002', rate: { perCoin: '0.5', currency: 'EUR', source: 'manual', atMs: 3 } },
      },
    ],
  },
  'economics.get': {
    input: { range: 'days7' },
    output: {
      settings: { currency: 'EUR', rates: { kind: 'url', url: 'https://prices.example/v1', coinPath: '/toma', suiPath: null, everyMinutes: 60 }, bands: [{ fromMinute: 0, perKwh: '0.3' }], watts: { busy: 400, waiting: null, rest: 60 }, psuLossPercent: 10 },
      coin,
      rates: { coin: { perCoin: '0.5', currency: 'EUR', source: 'manual', atMs: 3 }, sui: null, problem: 'it answered 503' },
      rows: [{ dayMs: 1, taskSmallId: 1n, gross: 18_446_744_073_709_551_615n, computeUnits: 9n, gasMist: -3n, wattHours: 1.5, wattHoursMeasured: 0.5, grossFiat: '1.5', gasFiat: null, electricity: '0.09', net: null }],
      breakEven: { price: null, missing: 'rate', measured: true },
    },
  },
  'hardware.get': {
    input: {},
    output: {
      cpu: { model: 'A CPU', cores: 8 },
      ramBytes: 8_589_934_592,
      gpus: [{ id: 'GPU-1', vendor: 'nvidia', model: 'A card', driver: '550.1', vramTotalMib: 8_192, vramUsedMib: null, utilPct: 3.5, tempC: 60, powerW: 90.25, powerLimitW: 200, tool: 'nvidia-smi', enabled: false }],
      problems: [{ tool: 'rocm-smi', detail: 'it failed' }],
      readAtMs: 3,
      hottestC: 60,
      care: { temperature: { enabled: true, pauseAtC: 85, resumeAtC: 75 }, yieldToOthers: true, schedule: { enabled: true, bands: [{ days: [0, 6], fromMinute: 1_320, untilMinute: 360 }] } },
      holds: ['too_hot', 'in_use', 'by_schedule'],
      others: { load: { status: 'in_use', detail: 'game, 90 % of a GPU' }, fullScreen: { status: 'unknown', detail: 'There is no desktop here.' } },
      scheduleChangesAtMs: null,
      simulatedC: null,
      manifest: { signedAtMs: 4, json: '{}' },
    },
  },
  'hardware.history': { input: { span: 'hour' }, output: [{ gpu: 'GPU-1', points: [{ atMs: 1, utilPct: null, vramUsedMib: 5, tempC: 60, powerW: 1.5 }] }] },
  'hardware.setCare': { input: { care: { temperature: { enabled: false, pauseAtC: 85, resumeAtC: 75 }, yieldToOthers: false, schedule: { enabled: false, bands: [] } } }, output: done },
  'hardware.switchGpu': { input: { id: 'GPU-1', on: false }, output: done },
  'hardware.simulateHeat': { input: { tempC: 95 }, output: done },
  'economics.set': { input: { settings: { currency: 'EUR', rates: { kind: 'manual', coin: '0.5', sui: null }, bands: [], watts: { busy: null, waiting: null, rest: 0 }, psuLossPercent: 0 } }, output: done },
  'engines.list': {
    input: {},
    output: {
      keysUnlocked: true,
      engines: [
        {
          settings: engine, hasToken: true, unencrypted: true, state: 'down', check: engineCheck, running: 1, waiting: 2, pausedUntilMs: 9, lastError: { code: 'engine.busy', message: 'busy' },
          models: [{ id: 'tiny-chat@1', ready: false, probe: { modelId: 'tiny-chat@1', equal: true, alone: 3, together: 3, atMs: 4, fingerprint: 'vllm/1 remote unknown 0123456789ab' }, probing: false, exact: true }],
        },
      ],
    },
  },
  'engines.save': { input: { settings: engine, token: null }, output: done },
  'engines.remove': { input: { id: 'a1' }, output: done },
  'engines.test': { input: { kind: 'tei', url: 'http://10.0.0.2:80', id: null }, output: engineCheck },
  'engines.check': { input: { id: 'a1' }, output: done },
  'engines.probe': { input: { id: 'a1', modelId: 'tiny-chat@1' }, output: done },
  'ingress.get': {
    input: {},
    output: {
      settings: ingress, state: 'listening', address: 'http://127.0.0.1:4100', problem: null, served: 3, running: 1, refused: { AUTH_ERROR: 2 },
      announced: { atMs: 5, problem: { code: 'ingress.not_announced', message: 'not announced' } },
    },
  },
  'ingress.set': { input: { settings: ingress }, output: done },
  'ingress.announce': { input: {}, output: done },
  'confidential.get': { input: {}, output: confidential },
  'confidential.look': { input: {}, output: confidential },
  'confidential.rehearse': { input: { on: true }, output: confidential },
  'jobs.list': {
    input: { limit: 50, stages: ['proved'], stackSmallId: '12', before: null },
    output: {
      items: [oneJob],
      total: 1,
      next: null,
    },
  },
  'jobs.get': { input: { taskId: '01J00000000000000000000000' }, output: oneJob },
  'tasks.list': {
    input: {},
    output: [
      {
        taskSmallId: 1n,
        role: 0,
        model: 'sandbox/tiny-chat',
        securityLevel: 'none',
        minimumReputation: 0,
        isDeprecated: false,
        subscribers: [{ nodeSmallId: 1n, price: 100n, maxComputeUnits: 2_000n }],
        subscription: null,
        recentStacks: [{ price: 100n, computeUnits: 2_000n }],
        canServe: true,
        whyNot: null,
      },
    ],
  },
  'models.list': {
    input: {},
    output: [{ id: 'a@b', name: 'a', revision: 'b', sizeBytes: 5_300_000, sha256: 'ff', verified: true, loaded: false }],
  },
  'attestations.list': {
    input: {},
    output: { coin, nodeSmallId: 7n, epoch: 8n, readAtMs: 5, hasCoordinator: true, autoAttest: true, selfAuditSample: 3, asked: [attestation], own: [ownTicket], audits: [stackAudit] },
  },
  'attestations.get': {
    input: { stackSmallId: '3' },
    output: {
      coin, epoch: 8n, attestation, own: null, frozen: 1_240n, disputes: [{ node: 9n, commitment: hash }], audit: stackAudit,
      commitment: { proof: hash, leaves: [hash, '0'.repeat(64)] },
      computed: { root: hash, proof: hash, leaf: null },
      entries: [{ index: 2, taskId: '01M7XPG0PVERF7HENE4K5HTVH9', model: 'sandbox/tiny-chat@1', entry: hash, fingerprint: 'engine/1', ownEntry: hash, ownFingerprint: 'engine/2', runs: 2, verdict: 'differs' }],
    },
  },
  'attestations.evidence': { input: { stackSmallId: '3' }, output: { fileName: 'stack-3-evidence.json', json: '{"format":"x"}' } },
  'attestations.decide': { input: { stackSmallId: '3', decision: 'silent' }, output: done },
  'attestations.restart': { input: { stackSmallId: '3' }, output: done },
  'attestations.overrule': { input: { stackSmallId: '3' }, output: done },
  'attestations.dismiss': { input: { stackSmallId: '3' }, output: done },
  'models.get': {
    input: {},
    output: {
      folder: '/data/models',
      freeBytes: 5_000_000_000,
      host: 'https://models.example',
      hasToken: true,
      keysUnlocked: true,
      installed: [
        {
          id: 'a/b@c', name: 'a/b', revision: 'c', role: 0, quantisation: 'q4', sizeBytes: 5_300_000, files: 5, verifiedAtMs: 4, vramBytes: 8_000_000,
          state: 'ready', loaded: true, removable: true, tasks: [{ taskSmallId: 1n, subscribed: true }],
        },
      ],
      downloads: [
        {
          id: 'ab12', kind: 'install', name: 'a/d', revision: 'e', quantisation: 'fp32', state: 'waiting', totalBytes: 9, doneBytes: 4, bytesPerSecond: null, files: 3,
          filesVerified: 1, file: 'onnx/model.onnx', error: { code: 'models.host_busy', message: 'busy' }, nextAttemptMs: 7,
        },
      ],
    },
  },
  'models.look': {
    input: { repo: 'a/b', revision: 'main' },
    output: {
      repo: 'a/b', commit: 'c'.repeat(40), role: null, freeBytes: null, installed: false,
      choices: [{ quantisation: 'q8', sizeBytes: 9, files: 3, vramBytes: 12, checkedByLfs: 1, problem: null }],
    },
  },
  'models.download': { input: { repo: 'a/b', commit: 'c'.repeat(40), quantisation: 'q8', role: 0 }, output: done },
  'models.pause': { input: { id: 'ab12' }, output: done },
  'models.resume': { input: { id: 'ab12' }, output: done },
  'models.cancel': { input: { id: 'ab12' }, output: done },
  'models.repair': { input: { id: 'a/b@c' }, output: done },
  'models.remove': { input: { id: 'a/b@c' }, output: done },
  'models.settings': { input: { host: 'https://models.example', token: null }, output: done },
  'keys.get': { input: {}, output: keys },
  'keys.open': { input: { page: 'create' }, output: { url: null } },
  'keys.lock': { input: {}, output: done },
  'wallet.get': {
    input: {},
    output: {
      address, coin, suiMist: { value: 5n, source: 'chain', readAtMs: 1 }, balance: { value: null, source: 'chain', readAtMs: null },
      reserveMist: 4n, transactionMist: 1n, fees: { free: { value: 0n, source: 'chain', readAtMs: 1 }, locked: { value: 2n, source: 'chain', readAtMs: 1 } }, faucet: true,
    },
  },
  'wallet.propose': { input: { intent: { kind: 'transfer', coin: 'SUI', amount: '5', to: address } }, output: proposal },
  'wallet.proposeTransaction': { input: { transaction: 'AAEC' }, output: proposal },
  'wallet.confirm': { input: { proposalId: 'p1' }, output: { url: 'http://localhost:1/secure/x' } },
  'wallet.outcome': { input: { proposalId: 'p1' }, output: { ...outcome, status: 'in_doubt', gasMist: null, effects: null } },
  'chain.read': {
    input: { method: 'sui.rpc.v2.LedgerService/GetEpoch', contentType: 'application/grpc-web', body: 'AAEC' },
    output: { status: 200, contentType: 'application/grpc-web', body: 'AAEC' },
  },
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

/** Names of the table, in its order. */
export const caseNames = Object.keys(callCases) as CallName[];

/** Handlers that answer with the table and note what they were given; a node in miniature for the tests of both hosts. */
export function stubHandlers(seen: (name: CallName, input: unknown) => void = () => undefined): Handlers {
  const entries = caseNames.map((name) => [
    name,
    async (input: unknown) => {
      seen(name, input);
      return callCases[name].output;
    },
  ]);
  return Object.fromEntries(entries) as Handlers;
}
