/** One connection to the coordinator, from the challenge to its end (coordinator.md 3). */
import { AppError, toAppError } from '../../src-shared/errors.ts';
import { linkLimits } from '../../src-shared/link/codes.ts';
import type { CoordinatorMessage } from '../../src-shared/link/messages.ts';
import type { SessionEnd } from './after-end.ts';
import { greet } from './greet.ts';
import { startLinkedWork, type LinkedWork } from './linked-work.ts';
import { openPeerSocket } from './peer-socket.ts';
import { readFrame, type SessionPhase } from './session-machine.ts';
import type { HistoryPage, LinkDeps, LinkOptions } from './types.ts';

/** A session in progress. */
export type Session = {
  /** How it ended; never rejects. */
  ended: Promise<SessionEnd>;
  /** Resolves when the socket is gone. */
  closed: Promise<void>;
  /** Says bye and closes. */
  bye(code: string): void;
  /** The node changed: a heartbeat goes out early. */
  changed(): void;
  /** Once linked: nothing new is taken until the session ends. */
  drain(reason: string): void;
  /** One page of a stack's history. @throws AppError link.down */
  history(stackSmallId: bigint, after: number): Promise<HistoryPage>;
};

type Callbacks = { /** A challenge whose signature was right: how far this clock is ahead of the coordinator's. */ onChallenge(aheadMs: number): void; onWelcome(coordinatorId: string): void; onDrain(): void };

const challengeTimeoutMs = 2 * linkLimits.helloTimeoutMs;
/** A duplicate session is pinged for 5 s before the newcomer is let in or refused. */
const welcomeTimeoutMs = linkLimits.helloTimeoutMs + linkLimits.pingTimeoutMs;

/** Opens a session. */
export function openSession(options: LinkOptions, deps: LinkDeps, { onChallenge, onWelcome, onDrain }: Callbacks): Session {
  const { schedule, log } = deps;
  let phase: SessionPhase = 'awaiting_challenge';
  let coordinatorId = '';
  let work: LinkedWork | null = null;
  let callOffTimeout: () => void = () => undefined;
  let tellEnd: (end: SessionEnd) => void = () => undefined;
  const ended = new Promise<SessionEnd>((resolve) => void (tellEnd = resolve));

  const isOver = (): boolean => phase === 'over';
  const end = (how: SessionEnd, closeCode = 1000, reason = ''): void => {
    if (isOver()) return;
    phase = 'over';
    callOffTimeout();
    work?.stop();
    socket.close(closeCode, reason);
    tellEnd(how);
  };
  const violation = (detail: string): void => {
    if (isOver()) return;
    log.warn('link.protocol', { detail });
    end({ kind: 'protocol', detail }, linkLimits.closeProtocol, detail);
  };
  const lost = (errorCode: string, detail: string): void => end({ kind: 'lost', errorCode, detail });
  const expectWithin = (timeoutMs: number, what: string): void => {
    callOffTimeout();
    callOffTimeout = schedule(timeoutMs, () => lost('link.down', `no ${what} in time`));
  };

  const sayHello = async (challenge: Extract<CoordinatorMessage, { type: 'challenge' }>): Promise<void> => {
    phase = 'saying_hello';
    const aheadMs = deps.now() - challenge.ts;
    const greeting = await greet(challenge, options, deps);
    if (isOver()) return;
    if (greeting.kind === 'violation') return violation(greeting.detail);
    if (greeting.kind === 'coordinator_changed') return end(greeting);
    onChallenge(aheadMs);
    coordinatorId = greeting.coordinatorId;
    phase = 'awaiting_welcome';
    expectWithin(welcomeTimeoutMs, 'welcome');
    socket.write(greeting.frame);
  };

  const handle = (message: CoordinatorMessage): Promise<void> | void => {
    switch (message.type) {
      case 'challenge':
        return sayHello(message);
      case 'welcome':
        callOffTimeout();
        phase = 'linked';
        work = startLinkedWork(message, options, deps, {
          coordinatorId,
          write: socket.write,
          isOver,
          violation,
          lost,
          onDrain,
        });
        return onWelcome(coordinatorId);
      case 'refused':
        return end({ kind: 'refused', code: message.code, message: message.message ?? null });
      case 'bye':
        return end({ kind: 'bye', code: message.code, message: message.message ?? null });
      default:
        return work?.handle(message);
    }
  };

  const socket = openPeerSocket(options.url, schedule, {
    onFrame: (text, isBinary) => {
      if (isOver()) return;
      const frame = readFrame(phase, text, isBinary);
      return frame.ok ? handle(frame.message) : violation(frame.detail);
    },
    onFailed: (caught) => {
      const error = toAppError(caught);
      log.error('link.frame_failed', { phase, error: error.code });
      lost(error.code, error.message);
    },
    onWrongProtocol: () => violation('subprotocol'),
    onLost: (detail) => lost('link.down', detail),
  });
  expectWithin(challengeTimeoutMs, 'challenge');

  return {
    ended,
    closed: socket.closed,
    bye: (code) => {
      if (!isOver()) socket.write({ type: 'bye', code });
      end({ kind: 'closed' });
    },
    changed: () => work?.changed(),
    drain: (reason) => work?.drain(reason),
    history: async (stackSmallId, after) => {
      if (work === null || isOver()) throw new AppError('link.down');
      return work.history(stackSmallId, after);
    },
  };
}
