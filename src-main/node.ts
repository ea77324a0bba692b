/** Composition root of what lives as long as the console: settings, vault, inference, the network, and the session under them (decision 0005). */
import type { Topic } from '../src-shared/bridge/index.ts';
import { toAppError } from '../src-shared/errors.ts';
import { createHandlers } from './areas/create-handlers.ts';
import type { ConsoleNode } from './console-node.ts';
import { probeKeychain } from './keys/probe-keychain.ts';
import { callsAfter } from './node/node-calls.ts';
import { createDoors, keysView } from './node/node-doors.ts';
import { createNodeEconomics } from './node/node-economics.ts';
import { createNodeEngines } from './node/node-engines.ts';
import { nodeFacts } from './node/node-facts.ts';
import { createNodeHardware } from './node/node-hardware.ts';
import { createNodeInference } from './node/node-inference.ts';
import { openNodeKeys } from './node/node-keys.ts';
import { createNodeModels } from './node/node-models.ts';
import { databasesOf, openNetwork, type OpenNetwork } from './node/node-network.ts';
import type { NodeDeps, NodeOptions } from './node/node-parts.ts';
import { createReadyModels } from './node/node-ready-models.ts';
import { createNodeRemote, hostReaders } from './node/node-remote.ts';
import { createNodeSession } from './node/node-session.ts';
import { openAtStart, type StartSteps } from './node/node-start.ts';
import { createNodeState } from './node/node-state.ts';
import { createTopics } from './node/node-topics.ts';
import { createTurns } from './node/node-turns.ts';
import { createNodeWasm } from './node/node-wasm.ts';
import { ensureKeyWrap } from './platform/aes-key-wrap.ts';
import { schedule } from './platform/schedule.ts';
import { createSession } from './session/create-session.ts';
import type { Session } from './session/session-parts.ts';
import { createNodeTransitions } from './store/node-transitions.ts';
import { openStore } from './store/open.ts';
import { createPreferences } from './store/preferences.ts';
import { createSettings } from './store/settings.ts';
import { sqliteVersion } from './store/sqlite-version.ts';
import { detectHardware } from './system/detect-hardware.ts';
import type { Hardware } from './system/hardware.ts';

/** A model is loaded this long after the session opens. */
const warmUpAfterMs = 1_000;
/** Models that take longer to verify come behind the open window. */
const firstModelsMs = 2_000;

/** Builds and starts the node. @throws AppError of whatever keeps it from starting */
export async function createNode(options: NodeOptions, deps: NodeDeps): Promise<ConsoleNode> {
  const { dataDir, fixedNetwork, passphrase = null, begunKey = null } = options;
  const { now, random, log } = deps;
  /** A verb opens what it asks about; it is not the node that works. */
  const works = options.command === undefined;

  // What lasts: database, settings, keys.
  const root = openStore({ dataDir }, { now, log });
  const settings = createSettings(root);
  const preferences = createPreferences(settings);
  const transitions = createNodeTransitions(root);
  await ensureKeyWrap();
  const keys = openNodeKeys({ dataDir, keyLockFolder: options.keyLockFolder ?? null, passphrase, begunKey, expectsKey: preferences.registrationKnown() }, { ...deps, refused: root.close });
  const { vault } = keys;

  // Who is told of what.
  const turns = createTurns();
  const { tell, begin: beginTelling, onTopic } = createTopics();
  root.onTopic(tell);
  const changed = (topic: Topic): void => {
    const registration = session()?.chain.snapshot().registration;
    if (registration?.registered === true && !preferences.registrationKnown()) preferences.setRegistrationKnown();
    state.derive();
    for (const one of topic === 'chain' ? (['chain', 'node', 'stacks', 'ledger', 'setup'] as const) : ([topic, 'node'] as const)) tell(one);
  };

  // Network and session of the moment, and the state that follows from them.
  let callOffWarmUp: () => void = () => undefined;
  const live = createNodeSession({
    openNetwork: async (id) => {
      const opened = await openNetwork(id, { dataDir, fixed: fixedNetwork }, { preferences, startSandbox: deps.startSandbox, sandboxChanged: () => tell('sandbox'), now, log });
      opened.store.onTopic(tell);
      // What is found is there when the keys are; what fails is said when the chain is read.
      if (works) opened.endpoints.deployment().catch(() => undefined);
      return opened;
    },
    createSession: (on) => (hardware === null || !vault.status().unlocked ? null : sessionOn(on, hardware)),
    networkChanged: (id) => {
      if (works) preferences.setNetworkId(id);
      changed('setup');
    },
    sessionOpened: (opened) => {
      if (!works) return;
      opened.start();
      // Starting a process takes what the first screen needs; a request that comes sooner loads its model itself.
      callOffWarmUp = schedule(warmUpAfterMs, () => void models.warmUp());
      state.derive();
    },
    sessionClosed: () => {
      callOffWarmUp();
      state.derive();
    },
    needKeys: () => vault.signers(),
    ending: turns.ending,
    log,
  });
  const { network, session } = live;
  const isStarted = (on = network()): boolean => on !== null && preferences.started(on.profile.id);
  const running = (): number => session()?.jobs.running().length ?? 0;
  const paused = (): boolean => preferences.paused() || turns.ending();
  const state = createNodeState({
    transitions,
    facts: () => nodeFacts({ session: session(), vault: vault.status(), started: isStarted(), paused: paused(), holds: care.holds() }),
    keeps: works,
    changed: () => session()?.link?.stateChanged(),
    now,
    log,
  });

  // The machine, and what runs on it.
  const economics = createNodeEconomics({ store: root, preferences, transitions, network, tell, now, log });
  const care = createNodeHardware({
    store: root,
    settings,
    network: () => network()?.profile.kind ?? null,
    running,
    holdsChanged: () => changed('node'),
    changed: () => tell('hardware'),
    powerRead: economics.powerRead,
    spawn: deps.spawn,
    now,
    schedule,
    log: log.child({ part: 'care' }),
  });
  const engines = createNodeEngines({ settings, vault, rescan: () => models.rescan(), now, random, log });
  const inference = createNodeInference(
    { processModule: options.inferenceModule, modelRoots: options.modelRoots },
    { care, preferences, settings, engines, decorate: deps.decorateInference ?? ((own) => own), now, random, log },
  );
  const wasm = createNodeWasm(
    { processModule: options.wasmModule },
    { spawn: care.spawn, settings, allowLoopback: () => network()?.profile.kind === 'sandbox', changed: () => session()?.link?.renew(), log },
  );
  const models = createReadyModels({
    inference,
    started: () => isStarted(),
    changed: () => {
      session()?.link?.renew();
      changed('setup');
    },
    log,
  });
  const modelStore = createNodeModels({ dataDir }, { settings, vault, rescan: models.rescan, changed: () => tell('models'), now, random, log });
  const keychain = await probeKeychain(deps.keychain);
  let hardware: Hardware | null = null;
  const remote = createNodeRemote({ settings, vault, tell, now, log });

  const sessionOn = (on: OpenNetwork, machine: Hardware): Session => {
    keys.hold();
    return createSession({
      profile: on.profile,
      version: options.version,
      store: on.store,
      settings: on.settings,
      endpoints: on.endpoints,
      signers: vault.signers(),
      inference,
      models: models.list,
      wasm: wasm.ready,
      hardware: machine,
      gauges: care.gauges,
      gasWorth: economics.gasWorth,
      manifestSigned: care.manifestSigned,
      // Takes nothing new by the operator's word, or because of heat, another program or the schedule.
      switches: { policies: preferences.policies, paused: () => paused() || care.holds().length > 0, started: () => isStarted() },
      state: () => state.current().state,
      changed,
      now,
      random,
      log,
      ...(deps.crashPoint === undefined ? {} : { crashPoint: deps.crashPoint }),
    });
  };

  const keysChanged = (): void => {
    live.openSession();
    modelStore.keysChanged();
    engines.keysChanged();
    changed('setup');
    tell('settings');
  };
  const lockKeys = async (): Promise<void> => {
    await live.closeSession('finish');
    vault.lock();
    keysChanged();
  };

  /** The session's signers are those it began with. */
  const renewSession = async (): Promise<void> => {
    await live.closeSession('finish');
    keysChanged();
  };

  const handlers = createHandlers({
    options,
    deps,
    preferences,
    transitions,
    hardware: () => detectHardware(dataDir, { log }),
    care,
    sqliteVersion: sqliteVersion(root),
    inference,
    models: models.list,
    modelStore,
    engines,
    rates: economics.rates,
    power: economics.power,
    remote,
    rescanModels: models.rescan,
    keysView: () => keysView(vault, keychain, preferences.keyCare()),
    lockKeys: () => turns.take(lockKeys),
    network,
    session,
    needSession: live.needSession,
    state: state.current,
    parkedRows: () => databasesOf(root, network()).flatMap(({ store }) => store.parked()),
    databases: () => databasesOf(root, network()),
    useNetwork: (id) => turns.take(() => live.useNetwork(id)),
    warmUp: models.warmUp,
    changed,
  });

  const shutdown = async (mode: 'finish' | 'now'): Promise<void> => {
    care.stop();
    economics.stop();
    await modelStore.store.stop();
    await live.closeSession(mode);
    await inference.close();
    await live.closeNetwork();
    root.close();
    keys.release();
  };

  inference.onStatus(() => tell('node'));
  engines.onChange(() => tell('engines'));
  deps.browsers?.onChange(() => tell('remote'));
  const start: StartSteps = {
    readMachine: async () => void ([hardware] = await Promise.all([detectHardware(dataDir, { log }), models.read(firstModelsMs), keys.unlockByKeychain()])),
    useNetwork: live.useNetwork,
    openKeys: async () => keys.unlocking?.then(keysChanged),
    derive: state.derive,
    later: () => {
      care.watch.start();
      wasm.probe().catch((error: unknown) => log.warn('wasm.not_probed', { error }));
      modelStore.store.start().catch((error: unknown) => log.error('models.not_started', { error: toAppError(error) }));
      void economics.rates.refresh();
      void engines.start();
    },
  };
  const opened = turns.take(() => openAtStart({ command: options.command, networkId: fixedNetwork?.id ?? preferences.networkId() }, start, log));
  opened.then(beginTelling).catch((error: unknown) => deps.onFatal(toAppError(error)));
  const calls = callsAfter(opened, handlers);

  return {
    handlers: calls,
    ...createDoors({ vault, keychain, host: options.host, session, needSession: live.needSession, changeKeys: (change) => turns.take(() => change().then(keysChanged)), care: preferences, careChanged: () => tell('settings'), now, renewSession: () => void turns.take(renewSession).catch((error: unknown) => log.error('keys.session_not_renewed', { error: toAppError(error) })), opened, chainRead: () => changed('chain') }),
    readers: hostReaders(remote, calls, now),
    onTopic,
    running,
    woke: live.woke,
    stop(mode) {
      if (mode === 'now') void session()?.jobs.stop();
      return turns.end(() => shutdown(mode));
    },
  };
}
