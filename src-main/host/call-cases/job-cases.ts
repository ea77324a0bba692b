/** Samples of the calls about requests, tasks and models (the table of the parity test). */
import type { jobCalls } from '../../../src-shared/bridge/calls.ts';
import type { CallOutput } from '../../../src-shared/bridge/index.ts';
import type { modelCalls } from '../../../src-shared/bridge/model-calls.ts';
import { done, type CasesOf } from './samples.ts';

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

export const jobCases: CasesOf<typeof jobCalls & typeof modelCalls> = {
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
};
