/** The open network and the session on it: a session begins once network, keys and hardware are there, and ends before one of them goes (decision 0005). */
import { AppError } from '../../src-shared/errors.ts';
import type { Logger } from '../log/logger.ts';
import type { OpenNetwork } from './node-network.ts';
import type { Session } from '../session/session-parts.ts';

/** Network and session of the moment. The functions that change them are called one at a time. */
export type NodeSession = {
  network(): OpenNetwork | null;
  session(): Session | null;
  /** @throws AppError setup.not_ready, keys.locked, keys.not_created, chain.not_ready, bridge.unreachable */
  needSession(): Session;
  /** Opens a session where none is and what it needs is there. */
  openSession(): void;
  closeSession(mode: 'finish' | 'now'): Promise<void>;
  /** Changes the network. @throws AppError of a network that does not open; the old one stays */
  useNetwork(id: string): Promise<void>;
  closeNetwork(): Promise<void>;
  /** The machine slept: links anew and reads the chain again. */
  woke(): void;
};

type Deps = {
  openNetwork(id: string): Promise<OpenNetwork>;
  /** Null while something that a session needs besides the network is not there. */
  createSession(network: OpenNetwork): Session | null;
  /** The network is another, and a session on it has begun where it could. */
  networkChanged(id: string): void;
  /** A session was opened. */
  sessionOpened(session: Session): void;
  /** A session was closed. */
  sessionClosed(): void;
  /** Says why the keys cannot be used. @throws AppError keys.locked, keys.not_created, keys.missing */
  needKeys(): unknown;
  ending(): boolean;
  log: Logger;
};

/** Creates it with neither. */
export function createNodeSession({ openNetwork, createSession, networkChanged, sessionOpened, sessionClosed, needKeys, ending, log }: Deps): NodeSession {
  let network: OpenNetwork | null = null;
  let session: Session | null = null;
  const openSession = (): void => {
    if (session !== null || network === null || ending()) return;
    session = createSession(network);
    if (session !== null) sessionOpened(session);
  };
  const closeSession = async (mode: 'finish' | 'now'): Promise<void> => {
    if (session === null) return;
    await session.stop(mode);
    session = null;
    sessionClosed();
  };
  return {
    network: () => network,
    session: () => session,
    needSession() {
      if (session !== null) return session;
      if (network === null) throw new AppError('setup.not_ready', { detail: 'choose a network' });
      needKeys(); // says which it is: locked, not made yet, or missing
      throw new AppError(ending() ? 'bridge.unreachable' : 'chain.not_ready');
    },
    openSession,
    closeSession,
    async useNetwork(id) {
      if (network?.profile.id === id) return;
      // Opened before the old one is closed: one that does not open leaves everything as it is.
      const opened = await openNetwork(id);
      await closeSession('finish');
      await network?.close();
      network = opened;
      openSession();
      networkChanged(id);
    },
    async closeNetwork() {
      await network?.close();
    },
    woke() {
      log.info('console.woke');
      session?.chain.hint();
      // A session from before the sleep looks alive until its next heartbeat fails; one that waits to connect need not wait.
      if (session?.link?.status().status === 'connected') session.link.renew();
      else session?.connect();
    },
  };
}
