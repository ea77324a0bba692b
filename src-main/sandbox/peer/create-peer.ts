/** Starts the sandbox's second node when it is needed, watches it, and tells it how to behave (issue: "The sandbox runs a second, independent node … by the fault switch"). */
import type { SandboxView, SecondNodeMode } from '../../../src-shared/bridge/views.ts';
import type { NetworkProfile } from '../../../src-shared/domain/network-profile.ts';
import type { Logger } from '../../log/logger.ts';
import type { ChildHandle, SpawnChild } from '../../platform/processes.ts';
import type { Schedule } from '../schedule.ts';
import { fromPeerSchema, type FromPeer, type ToPeer } from './messages.ts';

/** How the second node is set up. */
export type PeerOptions = {
  /** Module of its process; null = this network has none. */
  readonly module: string | null;
  /** Its own data folder. */
  readonly dataDir: string;
  readonly passphrase: string;
  readonly mode: SecondNodeMode;
  readonly taskSmallId: bigint;
};

/** What the watcher takes from its surroundings. */
export type PeerDeps = {
  readonly spawn: SpawnChild;
  /** The network it joins; asked at each start. */
  profile(): NetworkProfile;
  readonly schedule: Schedule;
  readonly log: Logger;
  onChange(): void;
};

/** The second node as the sandbox handles it. */
export type Peer = {
  view(): SandboxView['secondNode'];
  /** Another node works under sampling consensus: it starts, unless it is switched off. */
  need(): void;
  /** Sets its behaviour; it starts, changes, or parks and ends. */
  setMode(mode: SecondNodeMode): void;
  /** Ends it, its subscription as it is; resolves when its process has gone. */
  stop(): Promise<void>;
};

const firstRetryMs = 1_000;
const longestRetryMs = 60_000;
/** A node that does not end by itself is ended. */
const stopGraceMs = 5_000;
/** Parking waits for the chain. */
const parkGraceMs = 60_000;

/** Creates the watcher; nothing runs before it is needed. */
export function createPeer(options: PeerOptions, deps: PeerDeps): Peer {
  const { module } = options;
  let { mode } = options;
  let needed = false;
  let stopped = false;
  let child: ChildHandle | null = null;
  let leaving = false;
  let status: FromPeer | null = null;
  let failures = 0;
  let lastError: string | null = null;
  let cancelRetry: (() => void) | null = null;
  let cancelGrace: () => void = () => undefined;
  let onGone: () => void = () => undefined;

  const send = (message: ToPeer): void => child?.send(message);
  const end = (park: boolean): void => {
    const ending = child;
    if (ending === null) return;
    leaving = true;
    send({ kind: 'stop', park });
    cancelGrace();
    cancelGrace = deps.schedule(park ? parkGraceMs : stopGraceMs, () => ending.kill());
  };
  const gone = (code: number | null): void => {
    child = null;
    cancelGrace();
    status = status === null ? null : { ...status, running: false };
    const asked = leaving || stopped;
    leaving = false;
    if (!asked) {
      const delayMs = Math.min(longestRetryMs, firstRetryMs * 2 ** failures);
      failures += 1;
      lastError = status?.lastError ?? `its process ended with code ${code ?? 'none'}`;
      deps.log.warn('sandbox.second_node_ended', { code, delayMs });
      cancelRetry = deps.schedule(delayMs, () => {
        cancelRetry = null;
        follow();
      });
    }
    onGone();
    deps.onChange();
    if (asked) follow();
  };
  const begin = (file: string): void => {
    const started = deps.spawn(file, ['--data-dir', options.dataDir]);
    child = started;
    started.onMessage((message) => {
      const parsed = fromPeerSchema.safeParse(message);
      if (!parsed.success || child !== started) return;
      status = parsed.data;
      if (status.running) failures = 0;
      lastError = status.lastError;
      deps.onChange();
    });
    started.onExit(gone);
    send({ kind: 'begin', profile: deps.profile(), passphrase: options.passphrase, mode, taskSmallId: options.taskSmallId });
    deps.log.info('sandbox.second_node_started', { pid: started.pid, mode });
    deps.onChange();
  };
  /** Brings the process in line with the switch. */
  const follow = (): void => {
    if (module === null || stopped || leaving) return;
    if (mode === 'off') {
      cancelRetry?.();
      cancelRetry = null;
      return end(true);
    }
    if (child !== null) return send({ kind: 'mode', mode });
    if (needed && cancelRetry === null) begin(module);
  };
  const state = (): SandboxView['secondNode']['state'] => {
    if (module === null) return 'absent';
    if (leaving) return 'stopping';
    if (child !== null) return status?.running === true ? 'running' : 'starting';
    if (cancelRetry !== null) return 'failed';
    return mode === 'off' ? 'off' : 'waiting';
  };

  return {
    view: () => ({ mode, state: state(), nodeSmallId: status?.nodeSmallId ?? null, stacksAttested: status?.stacksAttested ?? 0, lastError }),
    need: () => {
      if (needed) return;
      needed = true;
      follow();
    },
    setMode: (next) => {
      mode = next;
      needed = next !== 'off';
      // Who sets the switch does not wait for the next try.
      cancelRetry?.();
      cancelRetry = null;
      follow();
      deps.onChange();
    },
    stop: () =>
      new Promise((resolve) => {
        stopped = true;
        cancelRetry?.();
        if (child === null) return resolve();
        onGone = resolve;
        end(false);
      }),
  };
}
