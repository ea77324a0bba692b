/** Names of the contract without its schemas, for the preload; the compiler keeps them equal to the contract (architecture.md, "The bridge"). */
import type { CallName, RawBridge, Topic } from './index.ts';

// A record, not a list: a name that is missing, and one that is too many, do not compile.
const callNames: Record<CallName, true> = {
  'app.info': true,
  'node.get': true,
  'node.timeline': true,
  'node.alerts': true,
  'node.whyIdle': true,
  'node.pause': true,
  'node.resume': true,
  'leave.get': true,
  'leave.start': true,
  'leave.cancel': true,
  'earnings.get': true,
  'earnings.series': true,
  'stacks.list': true,
  'stacks.settle': true,
  'stacks.claim': true,
  'ledger.list': true,
  'economics.get': true,
  'economics.set': true,
  'jobs.list': true,
  'jobs.get': true,
  'tasks.list': true,
  'models.list': true,
  'models.get': true,
  'models.look': true,
  'models.download': true,
  'models.pause': true,
  'models.resume': true,
  'models.cancel': true,
  'models.repair': true,
  'models.remove': true,
  'models.settings': true,
  'keys.get': true,
  'keys.open': true,
  'keys.lock': true,
  'wallet.get': true,
  'wallet.propose': true,
  'wallet.proposeTransaction': true,
  'wallet.confirm': true,
  'wallet.outcome': true,
  'chain.read': true,
  'setup.get': true,
  'setup.network': true,
  'setup.customNetwork': true,
  'setup.machineCheck': true,
  'setup.faucet': true,
  'setup.start': true,
  'attestations.list': true,
  'attestations.get': true,
  'attestations.evidence': true,
  'attestations.decide': true,
  'attestations.restart': true,
  'attestations.overrule': true,
  'attestations.dismiss': true,
  'settings.get': true,
  'settings.theme': true,
  'settings.policies': true,
  'settings.trustCoordinator': true,
  'inference.providers': true,
  'inference.setProviders': true,
  'desktop.get': true,
  'desktop.set': true,
  'logs.list': true,
  'diagnostics.doctor': true,
  'sandbox.get': true,
  'sandbox.setEpochLength': true,
  'sandbox.skipEpochs': true,
  'sandbox.setDemand': true,
  'sandbox.setFaults': true,
  'sandbox.setAttestations': true,
  'sandbox.setSecondNode': true,
};
const topics: Record<Topic, true> = {
  node: true,
  jobs: true,
  stacks: true,
  ledger: true,
  economics: true,
  chain: true,
  setup: true,
  settings: true,
  sandbox: true,
  logs: true,
  models: true,
  attestations: true,
};

/** True for the name of a call of the contract. */
export const isCallName = (name: unknown): name is CallName => typeof name === 'string' && Object.hasOwn(callNames, name);

/** True for a topic of the contract. */
export const isTopic = (topic: unknown): topic is Topic => typeof topic === 'string' && Object.hasOwn(topics, topic);

/** The two channels between the preload and the desktop host, and the name that is sent for a call that is not in the contract. */
export const channels = { call: 'bridge.call', topic: 'bridge.topic', unlisted: 'unlisted' } as const;

/** Key of the bridge on the window. */
export const bridgeKey = 'bridge';

export type { RawBridge };
