/** Samples of the calls about the node and leaving (the table of the parity test). */
import type { nodeCalls } from '../../../src-shared/bridge/calls.ts';
import { amount, coin, done, shownError, unknownAmount, type CasesOf } from './samples.ts';

export const nodeCases: CasesOf<typeof nodeCalls> = {
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
  'node.alerts': { input: {}, output: [{ id: 'a', level: 'warning', code: 'gas', message: 'Low', page: 'setup', sinceMs: 1 }] },
  'node.whyIdle': {
    input: {},
    output: [
      {
        rule: 'price', group: 'market', status: 'failed', taskSmallId: 1n, figures: { paying: 0, buyers: 9 }, amounts: { price: 18_446_744_073_709_551_615n }, words: { model: 'a' },
        fix: { kind: 'page', page: 'tasks' },
      },
    ],
  },
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
        openValue: amount,
        claimableValue: unknownAmount,
        disputedStacks: 0,
        disputedValue: amount,
        stranded: [{ why: 'task_removed', stacks: 2, value: amount }],
        openRequests: 1,
        penalty: unknownAmount,
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
};
