/** What each area of the bridge shows and does, assembled from the live parts (src-shared/bridge; decision 0005). Assembly only: rules and arithmetic are in core and the modules. */
import { createHash } from 'node:crypto';
import type { KeysView, NodeView, SetupView } from '../src-shared/bridge/views.ts';
import type { Topic } from '../src-shared/bridge/index.ts';
import { suiCoin, type Coin } from '../src-shared/domain/amounts.ts';
import { networkProfileSchema } from '../src-shared/domain/network-profile.ts';
import type { StateWithReason } from '../src-shared/domain/node-state.ts';
import { AppError } from '../src-shared/errors.ts';
import { localMoment } from './core/chain-time.ts';
import { alertsOf } from './core/views/alerts.ts';
import { leaveView } from './core/views/leave-view.ts';
import { setupView } from './core/views/setup-view.ts';
import { taskViews } from './core/views/task-views.ts';
import type { JobArea } from './handlers/job-handlers.ts';
import type { MoneyArea } from './handlers/money-handlers.ts';
import type { NodeArea } from './handlers/node-handlers.ts';
import type { SettingsArea } from './handlers/settings-handlers.ts';
import type { WalletArea } from './handlers/wallet-handlers.ts';
import type { Inference, ReadyModel } from './inference/types.ts';
import { listNetworks, type OpenNetwork } from './node-network.ts';
import type { NodeDeps, NodeOptions } from './node-parts.ts';
import type { Session } from './session.ts';
import { findJob, listJobs } from './store/job-views.ts';
import type { NodeTransitions } from './store/node-transitions.ts';
import type { ParkedRow } from './store/open.ts';
import type { Preferences } from './store/preferences.ts';
import type { Hardware } from './system/hardware.ts';
import { machineRules } from './system/machine-rules.ts';

/** The live parts; those that come and go are read by a function. */
export type AreaParts = {
  options: NodeOptions;
  deps: Pick<NodeDeps, 'openSecurePage' | 'logRing' | 'now' | 'log'>;
  preferences: Preferences;
  transitions: NodeTransitions;
  hardware(): Promise<Hardware>;
  sqliteVersion: string;
  inference: Inference;
  models(): readonly ReadyModel[];
  rescanModels(): Promise<void>;
  keysView(): KeysView;
  lockKeys(): Promise<void>;
  network(): OpenNetwork | null;
  session(): Session | null;
  /** @throws AppError setup.not_ready, keys.locked, keys.not_created */
  needSession(): Session;
  state(): StateWithReason & { sinceMs: number };
  parkedRows(): ParkedRow[];
  useNetwork(id: string): Promise<void>;
  warmUp(): Promise<void>;
  changed(topic: Topic): void;
};

/** The five areas. */
export type Areas = { node: NodeArea; money: MoneyArea; jobs: JobArea; wallet: WalletArea; settings: SettingsArea };

/** What a test network's faucet is asked for, in base units: ten thousand times the collateral that the contract starts with. */
const faucetAmount = 10_000_000_000n;

const noCoin: Coin = { type: 'unknown', symbol: 'TOMA', decimals: 9 };

/** Assembles the areas over the live parts. */
export function createAreas(parts: AreaParts): Areas {
  return { node: nodeArea(parts), money: moneyArea(parts), jobs: jobArea(parts), wallet: walletArea(parts), settings: settingsArea(parts) };
}

/** A session whose chain was read once: before that, amounts are unknown and not zero. */
function needChain(parts: AreaParts): Session {
  const session = parts.needSession();
  if (session.chain.snapshot().readAtMs === null) throw new AppError('chain.not_ready');
  return session;
}

function nodeArea(parts: AreaParts): NodeArea {
  const { options, deps, preferences, session, network } = parts;
  return {
    appInfo: async () => ({ version: options.version, host: options.host, electron: options.electron, node: process.versions.node, platform: process.platform }),
    view: async () => nodeView(parts),
    timeline: async (sinceMs) => parts.transitions.spans(sinceMs),
    alerts: async () => {
      const live = session();
      const snapshot = live?.chain.snapshot() ?? null;
      const stacks = live?.chain.stackViews() ?? [];
      const keys = parts.keysView();
      return alertsOf({
        nowMs: deps.now(),
        keys: keys.unlocked ? 'open' : keys.exists ? 'locked' : 'none',
        setUp: network() !== null && preferences.started(network()!.profile.id),
        chain: { status: snapshot?.health.status ?? 'unknown', lastError: snapshot?.health.lastError ?? null },
        link: { status: live?.link?.status().status ?? 'none', lastError: live?.link?.status().lastError ?? null },
        hasCoordinator: network()?.profile.coordinatorUrl !== null,
        suiMist: snapshot?.balances?.suiMist ?? null,
        gasReserveMist: live?.chain.gasReserveMist() ?? 0n,
        disputedStacks: stacks.filter((stack) => stack.phase === 'disputed').map((stack) => stack.stackSmallId),
        failedStacks: stacks.flatMap((stack) => (stack.lastError === null || stack.phase === 'claimed' ? [] : [{ stackSmallId: stack.stackSmallId, error: stack.lastError }])),
        parkedRows: parts.parkedRows().length,
        inferenceError: parts.inference.status().process === 'restarting' ? parts.inference.status().lastError : null,
      });
    },
    setPaused: async (paused) => {
      preferences.setPaused(paused);
      // Also the way on after a refusal: what the coordinator objected to (a clock, say) may be mended by now.
      if (!paused) session()?.connect();
      parts.changed('node');
    },
    leave: {
      view: async () => {
        const live = needChain(parts);
        const facts = live.leaveFacts();
        const plan = live.leave.plan();
        const earnings = live.chain.earnings();
        const local = (atMs: number | null): number | null => localMoment(atMs, facts.nowMs, deps.now());
        const view = leaveView(live.leave.row(), plan, facts, {
          coin: live.profile.coin,
          openValue: earnings.pending.value ?? 0n,
          claimableValue: earnings.claimable.value ?? 0n,
          collateral: earnings.collateral.value,
          chainReadAtMs: live.chain.snapshot().readAtMs,
        });
        return { ...view, startedMs: local(view.startedMs), cancelWindowEndsMs: local(view.cancelWindowEndsMs), cooldownEndsMs: local(view.cooldownEndsMs) };
      },
      start: async () => {
        await parts.needSession().chain.refresh();
        parts.needSession().leave.start();
        parts.changed('node');
        advanceLeave(parts);
      },
      cancel: async () => {
        parts.needSession().leave.cancel();
        parts.changed('node');
        advanceLeave(parts);
      },
    },
  };
}

/** Leaving goes on by itself; what holds it up is logged and shown by its steps. */
function advanceLeave({ needSession, deps }: AreaParts): void {
  needSession()
    .leave.advance()
    .catch((error: unknown) => deps.log.warn('leave.waiting', { error }));
}

function nodeView(parts: AreaParts): NodeView {
  const live = parts.session();
  const snapshot = live?.chain.snapshot() ?? null;
  const link = live?.link?.status() ?? null;
  const profile = parts.network()?.profile ?? null;
  const running = live?.jobs.running() ?? [];
  const epoch = snapshot?.epoch ?? null;
  return {
    ...parts.state(),
    paused: parts.preferences.paused(),
    nodeSmallId: snapshot?.registration?.registered === true ? snapshot.registration.node.nodeSmallId : null,
    subscribedTasks: live?.servedTasks().length ?? 0,
    slots: { used: running.length, total: parts.preferences.policies().maxParallel },
    running,
    tokensPerSecond: parts.inference.status().tokensPerSecond,
    link: link === null ? { status: 'none', url: profile?.coordinatorUrl ?? null, sinceMs: null, coordinatorId: null, lastError: null, nextAttemptMs: null } : linkView(link),
    chain: {
      status: snapshot?.health.status ?? 'unknown',
      endpoint: snapshot?.health.endpoint ?? profile?.endpoints[0] ?? null,
      chainId: snapshot?.health.chainId ?? profile?.chainId ?? null,
      epoch: epoch?.epoch ?? null,
      epochEndsAtMs: epoch === null || epoch.durationMs === null ? null : epoch.startMs + epoch.durationMs,
      readAtMs: snapshot?.readAtMs ?? null,
      lastError: snapshot?.health.lastError ?? null,
    },
    network: { id: profile?.id ?? 'none', name: profile?.name ?? 'No network', kind: profile?.kind ?? 'custom' },
    coin: profile?.coin ?? noCoin,
  };
}

const linkView = ({ status, url, sinceMs, coordinatorId, lastError, nextAttemptMs }: NonNullable<ReturnType<NonNullable<Session['link']>['status']>>): NodeView['link'] => ({ status, url, sinceMs, coordinatorId, lastError, nextAttemptMs });

const moneyArea = (parts: AreaParts): MoneyArea => ({
  earnings: async () => needChain(parts).chain.earnings(),
  series: async (range) => needChain(parts).chain.earningsSeries(range),
  stacks: async () => needChain(parts).chain.stackViews(),
  settleNow: (stackSmallId) => parts.needSession().chain.settleNow(stackSmallId),
  claimNow: (stackSmallIds) => parts.needSession().chain.claimNow(stackSmallIds),
  ledger: async ({ limit, before }) => parts.needSession().chain.ledger(limit, before),
});

const jobArea = (parts: AreaParts): JobArea => ({
  jobs: async (query) => {
    const network = parts.network();
    return network === null ? { items: [], total: 0, next: null } : listJobs(network.store, query);
  },
  job: async ({ taskId }) => {
    const network = parts.network();
    return network === null ? null : findJob(network.store, taskId);
  },
  tasks: async () => {
    const { tasks, registration } = needChain(parts).chain.snapshot();
    const node = registration?.registered === true ? registration.node : null;
    return taskViews(tasks ?? [], { nodeSmallId: node?.nodeSmallId ?? null, reputation: node?.reputation ?? null, models: parts.models() });
  },
  models: async () => {
    const idsOf = (): string => parts.models().map((model) => model.id).join(' ');
    const before = idsOf();
    await parts.rescanModels();
    if (idsOf() !== before) {
      parts.session()?.link?.renew();
      parts.changed('node');
    }
    const { loaded } = parts.inference.status();
    return parts.models().map(({ id, name, revision, sizeBytes, sha256 }) => ({ id, name, revision, sizeBytes, sha256, verified: true, loaded: loaded.includes(id) }));
  },
});

const walletArea = (parts: AreaParts): WalletArea => ({
  keys: async () => parts.keysView(),
  lockKeys: parts.lockKeys,
  openSecurePage: parts.deps.openSecurePage,
  propose: (intent) => parts.needSession().proposals.propose(intent),
  recognise: (transaction) => parts.needSession().chain.recognise(transaction),
  outcome: (proposalId) => parts.needSession().proposals.outcome(proposalId),
  chainRead: (call) => parts.needSession().chain.chainRead(call),
});

function settingsArea(parts: AreaParts): SettingsArea {
  const { preferences, network, deps } = parts;
  return {
    setup: {
      view: async () => viewOfSetup(parts),
      chooseNetwork: parts.useNetwork,
      useProfile: async (given) => {
        const profile = networkProfileSchema.parse(given);
        // The id names a folder and must not take over a built-in network.
        const id = `custom-${createHash('sha256').update(JSON.stringify(profile)).digest('hex').slice(0, 12)}`;
        preferences.addCustomNetwork({ ...profile, id, kind: profile.kind === 'sandbox' ? 'custom' : profile.kind });
        await parts.useNetwork(id);
      },
      machineCheck: async () => {
        const [hardware, providers] = [await parts.hardware(), await parts.inference.probe()];
        const check = { atMs: deps.now(), rules: machineRules({ hardware, clockOffsetMs: null, sqliteVersion: parts.sqliteVersion }), providers };
        preferences.setMachineCheck(check);
        parts.changed('setup');
        return check;
      },
      faucet: () => askFaucets(parts),
      start: async () => {
        const live = parts.needSession();
        const { current } = await viewOfSetup(parts);
        if (current !== null && current !== 'start') throw new AppError('setup.not_ready', { detail: current });
        preferences.setStarted(live.profile.id);
        live.connect();
        void parts.warmUp();
        parts.changed('setup');
      },
    },
    settings: async () => {
      const profile = network()?.profile;
      return {
        theme: preferences.theme(),
        policies: preferences.policies(),
        network: {
          id: profile?.id ?? 'none',
          name: profile?.name ?? 'No network',
          generation: profile?.generation ?? 'G1',
          chainId: parts.session()?.chain.snapshot().health.chainId ?? profile?.chainId ?? null,
          endpoints: profile?.endpoints ?? [],
          atomaPackageId: profile?.atomaPackageId ?? '',
          atomaDbId: profile?.atomaDbId ?? '',
          coordinatorUrl: profile?.coordinatorUrl ?? null,
          coordinatorId: parts.session()?.link?.status().coordinatorId ?? profile?.coordinatorId ?? null,
        },
        keys: parts.keysView(),
        parked: parts.parkedRows(),
      };
    },
    setTheme: preferences.setTheme,
    setPolicies: (policies) => {
      const { maxParallel } = preferences.policies();
      preferences.setPolicies(policies);
      parts.session()?.chain.hint();
      if (policies.maxParallel !== maxParallel) parts.session()?.link?.renew();
      parts.changed('node');
    },
    trustCoordinator: async (coordinatorId) => parts.needSession().link?.trust(coordinatorId),
    logs: async (query) =>
      deps.logRing(query).map(({ atMs, level, event, fields }) => ({ atMs, level, event, fields: JSON.parse(JSON.stringify(fields)) as Record<string, never> })),
    sandbox: () => network()?.sandbox ?? null,
  };
}

async function viewOfSetup(parts: AreaParts): Promise<SetupView> {
  const { preferences } = parts;
  const live = parts.session();
  const profile = parts.network()?.profile ?? null;
  const snapshot = live?.chain.snapshot() ?? null;
  const registration = snapshot?.registration ?? null;
  return setupView({
    networks: listNetworks(parts.options.fixedNetwork, preferences),
    networkId: profile?.id ?? null,
    keys: parts.keysView(),
    machine: preferences.machineCheck(),
    coin: profile?.coin ?? noCoin,
    balances: snapshot?.balances ?? null,
    collateralNeeded: snapshot?.db?.registrationCollateralInProtocolToken ?? null,
    gasNeededMist: live?.chain.gasReserveMist() ?? 0n,
    faucet: profile?.faucet !== null && profile !== null,
    chainReadAtMs: snapshot?.readAtMs ?? null,
    registration: registration === null ? null : registration.registered ? registration.node : 'none',
    servedTasks: live?.servedTasks() ?? [],
    started: profile !== null && preferences.started(profile.id),
  });
}

/** Play money: SUI from the sandbox's purse where there is one, then the network's coin from the contract's own faucet. */
async function askFaucets(parts: AreaParts): Promise<void> {
  const { chain, profile } = parts.needSession();
  if (profile.faucet === null) throw new AppError('chain.rejected', { detail: `${profile.name} has no faucet for ${suiCoin.symbol} and ${profile.coin.symbol}` });
  const { walletAddress } = parts.keysView();
  const sandbox = parts.network()?.sandbox ?? null;
  if (sandbox !== null && walletAddress !== null) await sandbox.fundGas(walletAddress);
  const outcome = await chain.execute({ kind: 'faucet', amount: faucetAmount });
  if (outcome.status !== 'success') throw new AppError('chain.rejected', { detail: outcome.error?.message ?? outcome.status });
}
