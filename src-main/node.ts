/** Composition root of what lives as long as the console: settings, vault, inference, the network, and the session under them (decision 0005). */
import { z } from 'zod';
import type { KeysView } from '../src-shared/bridge/views.ts';
import type { Handlers, Topic } from '../src-shared/bridge/index.ts';
import type { Proposal } from '../src-shared/bridge/intents.ts';
import { suiCoin } from '../src-shared/domain/amounts.ts';
import { nodeStateSchema, stateReasonSchema, type StateWithReason } from '../src-shared/domain/node-state.ts';
import { AppError, toAppError } from '../src-shared/errors.ts';
import { next } from './core/node-machine.ts';
import { createInference } from './inference/create-inference.ts';
import type { ReadyModel } from './inference/types.ts';
import { createVault } from './keys/create-vault.ts';
import { probeKeychain } from './keys/probe-keychain.ts';
import { createHandlers } from './areas/create-handlers.ts';
import { createRateKeeper } from './economics/rate-keeper.ts';
import { orderInForce } from './areas/providers-area.ts';
import { createNodeDevices } from './node-devices.ts';
import { joinEngines } from './engines/join-engines.ts';
import { createNodeEngines } from './node-engines.ts';
import { nodeFacts } from './node-facts.ts';
import { createNodeHardware } from './node-hardware.ts';
import { createNodeModels } from './node-models.ts';
import { createNodeWasm } from './node-wasm.ts';
import type { NodeDeps, NodeOptions } from './node-parts.ts';
import { createNodeRemote, hostReaders, type HostReaders } from './node-remote.ts';
import { createKeyHold } from './platform/key-hold.ts';
import { openNetwork, type OpenNetwork } from './node-network.ts';
import { ensureKeyWrap } from './platform/aes-key-wrap.ts';
import { createSession } from './session/create-session.ts';
import { schedule } from './session/schedule.ts';
import type { Session } from './session/session-parts.ts';
import { createNodeTransitions } from './store/node-transitions.ts';
import { openStore } from './store/open.ts';
import { createRates } from './store/rates.ts';
import { createPreferences } from './store/preferences.ts';
import { createSettings } from './store/settings.ts';
import { sqliteVersion } from './store/sqlite-version.ts';
import { detectHardware } from './system/detect-hardware.ts';
import type { Hardware } from './system/hardware.ts';

/** The running node, as hosts use it. */
export type ConsoleNode = {
  handlers: Handlers;
  secure: {
    keys(): KeysView;
    needsNewPassphrase(): boolean;
    grave(): 'button' | 'passphrase';
    createKey(o: { passphrase: string | null }): Promise<{ phrase: string }>;
    confirmBackup(phrase: string): Promise<void>;
    importKey(o: { secret: string; passphrase: string | null }): Promise<void>;
    restore(o: { phrase: string; nodeKeys: Uint8Array | null; nodeKeysPassphrase: string | null; passphrase: string | null }): Promise<void>;
    unlock(passphrase: string | null): Promise<void>;
    exportNodeKeys(passphrase: string): Promise<Uint8Array>;
    proposal(id: string): Proposal | null;
    approve(id: string, passphrase: string | null): Promise<void>;
    decline(id: string): void;
  };
  /** What the command line needs besides the calls of the bridge (decision 0013). */
  command: {
    confirmedBy(): 'passphrase' | 'keychain';
    /** Opens the key file once more as proof, then signs and sends. */
    approve(id: string, passphrase: string | null): Promise<void>;
    decline(id: string): void;
    /** Reads the chain once, where the keys are open and nothing else reads it. */
    readChain(): Promise<void>;
  };
  /** What programs may read with a token. */
  readers: HostReaders;
  onTopic(listener: (topic: Topic) => void): () => void;
  /** Requests that run now. */
  running(): number;
  /** The machine slept: links anew and reads the chain again. */
  woke(): void;
  stop(mode: 'finish' | 'now'): Promise<void>;
};

const stateSchema = z.object({ state: nodeStateSchema, reason: stateReasonSchema });
/** More than any node serves at once; admission limits the work, not the engine. */
const engineSlots = 64;

/** Builds and starts the node. @throws AppError of whatever keeps it from starting */
export async function createNode(options: NodeOptions, deps: NodeDeps): Promise<ConsoleNode> {
  const { dataDir, fixedNetwork, passphrase = null } = options;
  const { now, random, log } = deps;
  const root = openStore({ dataDir }, { now, log });
  const preferences = createPreferences(createSettings(root));
  const transitions = createNodeTransitions(root);
  await ensureKeyWrap();
  const vault = createVault({ dataDir, keychain: deps.keychain, expectsKey: preferences.registrationKnown() }, { log, now });
  const key = createKeyHold(options.keyLockFolder ?? null);
  try {
    key.hold(vault.status().identity?.walletAddress ?? null);
  } catch (error) {
    root.close();
    throw error;
  }
  // The passphrase is stretched on purpose, in a thread of its own: everything else is opened meanwhile.
  const unlocking = vault.status().exists && passphrase !== null ? vault.unlock(passphrase) : null;
  unlocking?.catch(() => undefined); // awaited below
  const care = createNodeHardware({
    store: root,
    settings: createSettings(root),
    network: () => network?.profile.kind ?? null,
    running: () => session?.jobs.running().length ?? 0,
    holdsChanged: () => changed('node'),
    changed: () => tell('hardware'),
    spawn: deps.spawn,
    now,
    schedule,
    log: log.child({ part: 'care' }),
  });
  const engine = createInference({ processModule: options.inferenceModule, modelRoots: [...options.modelRoots], slots: engineSlots }, { ...createNodeDevices({ query: care.cards, now }), isOn: care.isDeviceOn, order: () => orderInForce(preferences), spawn: care.spawn, log: log.child({ part: 'inference' }), now, random });
  const engines = createNodeEngines({ settings: createSettings(root), vault, rescan: () => rescanModels(), now, random, log });
  const inference = joinEngines(deps.decorateInference?.(engine) ?? engine, engines);
  const keychain = await probeKeychain(deps.keychain);
  let hardware: Hardware | null = null;
  let models: ReadyModel[] = [];

  const listeners = new Set<(topic: Topic) => void>();
  const tell = (topic: Topic): void => listeners.forEach((listener) => listener(topic));
  root.onTopic(tell);

  let network: OpenNetwork | null = null;
  let session: Session | null = null;
  let stopping: Promise<void> | null = null;
  const latest = transitions.latest();
  let state: (StateWithReason & { sinceMs: number }) | null = latest === null ? null : { state: latest.to, reason: latest.reason, sinceMs: latest.atMs };

  const paused = (): boolean => preferences.paused() || stopping !== null;
  /** Takes nothing new: by the operator's word, or because of heat, another program or the schedule. */
  const held = (): boolean => paused() || care.holds().length > 0;
  const derive = (): void => {
    if (options.command !== undefined) return; // a verb is not the node: its comings and goings are no states
    const facts = nodeFacts({ session, vault: vault.status(), started: network !== null && preferences.started(network.profile.id), paused: paused(), holds: care.holds() });
    const current = next(state === null ? null : stateSchema.parse(state), facts);
    if (state !== null && current.state === state.state && current.reason === state.reason) return;
    const atMs = now();
    transitions.append({ from: state?.state ?? null, to: current.state, reason: current.reason, atMs });
    log.info('state.transition', { from: state?.state ?? null, to: current.state, reason: current.reason, ts: atMs });
    state = { ...current, sinceMs: atMs };
    session?.link?.stateChanged();
  };
  const changed = (topic: Topic): void => {
    const registration = session?.chain.snapshot().registration;
    if (registration?.registered === true && !preferences.registrationKnown()) preferences.setRegistrationKnown();
    derive();
    for (const one of topic === 'chain' ? (['chain', 'node', 'stacks', 'ledger', 'setup'] as const) : ([topic, 'node'] as const)) tell(one);
  };

  /** Keys and network change one after the other: two at once would open a network twice, or end a session that another change has just begun. */
  let last: Promise<unknown> = Promise.resolve();
  const inTurn = <T>(act: () => Promise<T>): Promise<T> => {
    const run = last.then(() => {
      if (stopping !== null) throw new AppError('bridge.unreachable');
      return act();
    });
    last = run.catch(() => undefined); // the caller of `run` gets the error
    return run;
  };
  const openSession = (): void => {
    if (session !== null || network === null || hardware === null || stopping !== null || !vault.status().unlocked) return;
    key.hold(vault.signers().identity.walletAddress); // also one that was made or imported since the start
    session = createSession({
      profile: network.profile,
      version: options.version,
      store: network.store,
      settings: network.settings,
      signers: vault.signers(),
      inference,
      models: () => models,
      wasm: wasm.ready,
      hardware,
      gauges: care.gauges,
      manifestSigned: care.manifestSigned,
      switches: { policies: preferences.policies, paused: held, started: () => network !== null && preferences.started(network.profile.id) },
      state: () => state?.state ?? 'IDLE',
      changed,
      now,
      random,
      log,
      ...(deps.crashPoint === undefined ? {} : { crashPoint: deps.crashPoint }),
    });
    if (options.command !== undefined) return;
    session.start();
    void warmUp();
    derive();
  };
  const closeSession = async (mode: 'finish' | 'now'): Promise<void> => {
    const closing = session;
    if (closing === null) return;
    await closing.stop(mode);
    session = null;
    derive();
  };
  /** The model of a served task is loaded before the first request asks for it. */
  const warmUp = async (): Promise<void> => {
    const [model] = models;
    if (model === undefined || network === null || !preferences.started(network.profile.id)) return;
    await inference.load(model.id).catch((error: unknown) => log.warn('inference.warm_up_failed', { error }));
  };
  const useNetwork = async (id: string): Promise<void> => {
    if (network?.profile.id === id) return;
    // Opened before the old one is closed: one that does not open leaves everything as it is.
    const opened = await openNetwork(id, { dataDir, fixed: fixedNetwork }, { preferences, startSandbox: deps.startSandbox, sandboxChanged: () => tell('sandbox'), now, log });
    await closeSession('finish');
    await network?.close();
    network = opened;
    network.store.onTopic(tell);
    if (options.command === undefined) preferences.setNetworkId(id);
    openSession();
    changed('setup');
  };
  const keysChanged = (): void => {
    openSession();
    modelStore.keysChanged();
    engines.keysChanged();
    changed('setup');
    tell('settings');
  };
  const lockKeys = async (): Promise<void> => {
    await closeSession('finish');
    vault.lock();
    keysChanged();
  };
  const changeKeys = (change: () => Promise<void>): Promise<void> => inTurn(() => change().then(keysChanged));
  const keysView = (): KeysView => {
    const { exists, unlocked, store, backupConfirmed, identity } = vault.status();
    return { exists, unlocked, store, keychain, backupConfirmed, nodeId: identity?.nodeId ?? null, walletAddress: identity?.walletAddress ?? null, livenessAddress: identity?.livenessAddress ?? null };
  };
  const needSession = (): Session => {
    if (session !== null) return session;
    if (network === null) throw new AppError('setup.not_ready', { detail: 'choose a network' });
    vault.signers(); // says which it is: locked, not made yet, or missing
    throw new AppError(stopping === null ? 'chain.not_ready' : 'bridge.unreachable');
  };

  const wasm = createNodeWasm(
    { processModule: options.wasmModule },
    { spawn: care.spawn, settings: createSettings(root), allowLoopback: () => network?.profile.kind === 'sandbox', changed: () => session?.link?.renew(), log },
  );
  /** Reads the model folders; the coordinator learns of a change by a new manifest. */
  const rescanModels = async (): Promise<void> => {
    const named = ({ id, engine: at = '', exact = true }: ReadyModel): string => `${id} ${at} ${exact}`;
    const before = models.map(named).join(' ');
    models = await inference.readyModels();
    if (models.map(named).join(' ') === before) return;
    session?.link?.renew();
    changed('setup');
  };
  const modelStore = createNodeModels({ dataDir }, { settings: createSettings(root), vault, rescan: rescanModels, changed: () => tell('models'), now, random, log });

  const remote = createNodeRemote({ settings: createSettings(root), vault, tell, now, log });

  const coins = (): { coin: string; sui: string } | null => (network === null ? null : { coin: network.profile.coin.type, sui: suiCoin.type });
  const rates = createRateKeeper({ settings: preferences.economics, coins, rates: createRates(root), fetch, now, schedule, changed: () => tell('economics'), log: log.child({ part: 'economics' }) });

  const handlers = createHandlers({
    options,
    deps,
    preferences,
    transitions,
    hardware: () => detectHardware(dataDir, { log }),
    care,
    sqliteVersion: sqliteVersion(root),
    inference,
    models: () => models,
    modelStore,
    engines,
    rates,
    remote,
    rescanModels,
    keysView,
    lockKeys: () => inTurn(lockKeys),
    network: () => network,
    session: () => session,
    needSession,
    state: () => state ?? { state: 'IDLE', reason: 'not_set_up', sinceMs: now() },
    parkedRows: () => [...root.parked(), ...(network?.store.parked() ?? [])],
    databases: () => [{ name: 'console', store: root }, ...(network === null ? [] : [{ name: network.profile.name, store: network.store }])],
    useNetwork: (id) => inTurn(() => useNetwork(id)),
    warmUp,
    changed,
  });

  if (options.command === undefined) care.watch.start();
  inference.onStatus(() => tell('node'));
  engines.onChange(() => tell('engines'));

  const shutdown = async (mode: 'finish' | 'now'): Promise<void> => {
    care.stop();
    rates.stop();
    await modelStore.store.stop();
    await closeSession(mode);
    await inference.close();
    await network?.close();
    root.close();
    key.release();
  };

  /** A broken network or a silent keychain must not keep the window away: it shows what is wrong. */
  const openAtStart = async (): Promise<void> => {
    const { exists, store } = vault.status();
    const unlockByKeychain = async (): Promise<void> => {
      if (exists && store.kind === 'keychain') await vault.unlock().catch((error: unknown) => log.error('keys.not_unlocked', { error: toAppError(error) }));
    };
    const { network: wanted } = options.command ?? { network: 'chosen' };
    const id = wanted === 'none' ? null : typeof wanted === 'object' ? wanted.id : (fixedNetwork?.id ?? preferences.networkId());
    [hardware, models] = await Promise.all([detectHardware(dataDir, { log }), inference.readyModels(), unlockByKeychain()]);
    // Nobody looks at a window when a verb asks: it says what is wrong.
    if (id !== null && options.command !== undefined) return useNetwork(id);
    if (id !== null) await useNetwork(id).catch((error: unknown) => log.error('network.not_opened', { error: toAppError(error) }));
    if (unlocking !== null) await unlocking.then(keysChanged);
    derive();
    if (options.command !== undefined) return;
    wasm.probe().catch((error: unknown) => log.warn('wasm.not_probed', { error: toAppError(error) }));
    void rates.refresh();
    void engines.start();
    await modelStore.store.start().catch((error: unknown) => log.error('models.not_started', { error: toAppError(error) }));
  };
  // The window loads meanwhile; what it asks is answered when the node is open.
  const opened = inTurn(openAtStart);
  opened.catch((error: unknown) => deps.onFatal(toAppError(error)));
  const calls = after(opened, handlers);

  return {
    handlers: calls,
    secure: {
      keys: keysView,
      needsNewPassphrase: () => !keychain.available,
      grave: () => (options.host === 'desktop' ? 'button' : 'passphrase'),
      createKey: ({ passphrase }) => vault.create(given({ passphrase })),
      confirmBackup: (phrase) => changeKeys(() => vault.confirmBackup(phrase)),
      importKey: ({ secret, passphrase }) => changeKeys(() => vault.importOperator({ secret, ...given({ passphrase }) })),
      restore: ({ phrase, nodeKeys, nodeKeysPassphrase, passphrase }) => changeKeys(() => vault.restore({ phrase, ...given({ nodeKeys, nodeKeysPassphrase, passphrase }) })),
      unlock: (passphrase) => changeKeys(() => vault.unlock(passphrase ?? undefined)),
      exportNodeKeys: vault.exportNodeKeys,
      proposal: (id) => session?.proposals.get(id) ?? null,
      async approve(id, passphrase) {
        if (options.host === 'headless' && !(await vault.verifyPassphrase(passphrase ?? ''))) throw new AppError('keys.wrong_passphrase');
        needSession().proposals.approve(id);
      },
      decline: (id) => session?.proposals.decline(id),
    },
    command: {
      confirmedBy: () => vault.status().store.kind,
      async approve(id, passphrase) {
        if (!(await vault.prove(passphrase ?? undefined))) throw new AppError('keys.wrong_passphrase');
        needSession().proposals.approve(id);
      },
      decline: (id) => session?.proposals.decline(id),
      async readChain() {
        await opened;
        await session?.chain.refresh();
        changed('chain');
      },
    },
    readers: hostReaders(remote, calls, now),
    onTopic(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    running: () => session?.jobs.running().length ?? 0,
    woke() {
      log.info('console.woke');
      session?.chain.hint();
      // A session from before the sleep looks alive until its next heartbeat fails; one that waits to connect need not wait.
      if (session?.link?.status().status === 'connected') session.link.renew();
      else session?.connect();
    },
    stop(mode) {
      if (mode === 'now') void session?.jobs.stop();
      stopping ??= last.then(() => shutdown(mode));
      return stopping;
    },
  };
}

/** The same handlers, which wait until the node is open; from then on they begin at once, so that what is asked first is done first. */
function after(ready: Promise<void>, handlers: Handlers): Handlers {
  let isOpen = false;
  ready.then(() => (isOpen = true)).catch(() => undefined); // a caller gets the error
  const waiting = ([name, run]: [string, unknown]) => {
    const begin = run as (input: unknown) => Promise<unknown>;
    return [name, (input: unknown) => (isOpen ? begin(input) : ready.then(() => begin(input)))];
  };
  return Object.fromEntries(Object.entries(handlers).map(waiting)) as Handlers;
}

/** The values that are there; with exact optional properties an absent one must be left out. */
type Given<T> = { [K in keyof T]?: NonNullable<T[K]> };
const given = <T extends object>(values: T): Given<T> => Object.fromEntries(Object.entries(values).filter(([, value]) => value !== null)) as Given<T>;
