/** Samples of the calls about the machine: hardware, external engines, the ingress, confidential tasks (the table of the parity test). */
import type { ConfidentialView, confidentialCalls } from '../../../src-shared/bridge/confidential-calls.ts';
import type { EngineCheck, EngineSettings, engineCalls } from '../../../src-shared/bridge/engine-calls.ts';
import type { hardwareCalls } from '../../../src-shared/bridge/hardware-calls.ts';
import type { IngressSettings, ingressCalls } from '../../../src-shared/bridge/ingress-calls.ts';
import { done, type CasesOf } from './samples.ts';

const engine: EngineSettings = { id: 'a1', name: 'Rig', kind: 'vllm', url: 'http://10.0.0.2:8000', enabled: true, concurrency: 8, queue: 8, models: [{ id: 'tiny-chat@1', engineModel: 'tiny', role: 0, contextTokens: null }] };
const engineCheck: EngineCheck = { atMs: 1, tookMs: 2, version: null, models: [{ id: 'tiny', contextTokens: 4_096 }], problem: { code: 'engine.unreachable', message: 'down' } };
const confidential: ConfidentialView = {
  serves: 'simulated', whyNot: null, signs: [{ what: 'sev_guest', found: 'no', proof: '/dev/sev-guest is not there' }], rehearsal: { possible: true, on: true },
  key: { publicKey: 'ab'.repeat(32), announced: { counter: 3n, atMs: 5, digest: 'd' } }, problem: { code: 'confidential.no_evidence', message: 'no evidence' },
};
const ingress: IngressSettings = { enabled: true, reach: 'everywhere', port: 4_100, maxConnections: 9, publicUrl: 'https://node.example', country: 'DE', announceTo: 'https://list.example' };

export const machineCases: CasesOf<typeof hardwareCalls & typeof engineCalls & typeof ingressCalls & typeof confidentialCalls> = {
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
};
