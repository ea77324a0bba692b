/** Keeps the node linked to its coordinator: connects, reconnects with backoff, stops when refused, pins the coordinator (coordinator.md 1 and 3). */
import { AppError, sentenceFor, isErrorCode, type ErrorCode, type ErrorFields } from '../../src-shared/errors.ts';
import { afterEnd, refusalOf, type SessionEnd } from './after-end.ts';
import { reconnectDelayMs } from './reconnect-delay.ts';
import { openSession, type Session } from './session.ts';
import type { Link, LinkDeps, LinkOptions, LinkStatus } from './types.ts';

/** A coordinator's own words as far as they are shown. */
const shownDetailLength = 200;

/**
 * Creates the link; nothing is opened before `start`.
 * @throws AppError network.bad_profile for a URL that is neither wss: nor ws: to a loopback host
 */
export function createLink(options: LinkOptions, deps: LinkDeps): Link {
  const { now, random, schedule, log } = deps;
  checkUrl(options.url);
  let session: Session | null = null;
  let wanted = false;
  let waitsForChain = false;
  /** Why nothing new is taken; every session is told. */
  let drainReason: string | null = null;
  /** Attempts since the last welcome. */
  let attempt = 0;
  let badSignatures = 0;
  let callOffAttempt: () => void = () => undefined;
  const listeners = new Set<() => void>();
  let view: LinkStatus = {
    status: 'stopped',
    url: options.url,
    sinceMs: null,
    coordinatorId: options.coordinatorId,
    lastError: null,
    nextAttemptMs: null,
    draining: false,
    clockAheadMs: null,
  };

  const show = (change: Partial<LinkStatus>): void => {
    const sinceMs = change.status !== undefined && change.status !== view.status ? now() : view.sinceMs;
    view = { ...view, ...change, sinceMs };
    listeners.forEach((listener) => listener());
  };
  const shownError = (code: ErrorCode, fields: ErrorFields): LinkStatus['lastError'] => ({
    code,
    message: sentenceFor(code, fields),
    atMs: now(),
  });

  const connect = (): void => {
    callOffAttempt();
    attempt += 1;
    show({ status: 'connecting', nextAttemptMs: null, draining: false });
    const opened = openSession(options, deps, {
      onWelcome: (coordinatorId) => {
        attempt = 0;
        badSignatures = 0;
        log.info('link.connected', { coordinatorId });
        show({ status: 'connected', coordinatorId, lastError: null });
        if (drainReason !== null) opened.drain(drainReason);
      },
      onDrain: () => show({ draining: true }),
      onChallenge: (clockAheadMs) => show({ clockAheadMs }),
    });
    session = opened;
    void opened.ended.then((end) => {
      if (session !== opened) return; // replaced by `renew` or ended by `stop`
      session = null;
      follow(end);
    });
  };

  const follow = (end: SessionEnd): void => {
    const refusal = refusalOf(end);
    if (refusal !== null) badSignatures = refusal === 'bad_signature' ? badSignatures + 1 : 0;
    const lastError = shownEnd(end, shownError);
    const move = afterEnd(end, badSignatures);
    log.warn('link.ended', { how: end.kind, code: refusal ?? ('errorCode' in end ? end.errorCode : null), move });
    waitsForChain = move === 'wait_for_chain';
    if (move !== 'retry') return show({ status: 'refused', lastError, nextAttemptMs: null, draining: false });
    const delayMs = reconnectDelayMs(attempt + 1, random());
    callOffAttempt = schedule(delayMs, connect);
    show({ status: 'connecting', lastError, nextAttemptMs: now() + delayMs, draining: false });
  };

  const leave = async (code: string): Promise<void> => {
    callOffAttempt();
    const current = session;
    session = null;
    if (current === null) return;
    current.bye(code);
    await current.closed;
  };
  const start = (): void => {
    if (wanted && (session !== null || view.status === 'connecting')) return;
    wanted = true;
    waitsForChain = false;
    attempt = 0;
    badSignatures = 0;
    connect();
  };

  return {
    start,
    stop: async () => {
      wanted = false;
      waitsForChain = false;
      drainReason = null;
      await leave('shutdown');
      show({ status: 'stopped', nextAttemptMs: null, draining: false });
    },
    renew: () => {
      if (session === null) return; // the next hello carries a fresh manifest anyway
      void leave('manifest_changed').then(() => {
        if (wanted && session === null) connect();
      });
    },
    drain: (reason) => {
      drainReason = reason;
      session?.drain(reason);
    },
    stateChanged: () => session?.changed(),
    chainChanged: () => {
      if (wanted && waitsForChain) start();
    },
    trust: (coordinatorId) => {
      const { coordinatorId: expected } = options;
      if (expected !== null && expected !== coordinatorId)
        throw new AppError('link.coordinator_changed', { found: coordinatorId, expected });
      deps.pin.set(coordinatorId);
      if (wanted) start();
    },
    history: async (stackSmallId, after) => {
      if (session === null) throw new AppError('link.down');
      return session.history(stackSmallId, after);
    },
    status: () => view,
    onChange: (listener) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}

/** The end of a session as the operator reads it; null when this node ended it. */
function shownEnd(
  end: SessionEnd,
  shown: (code: ErrorCode, fields: ErrorFields) => LinkStatus['lastError'],
): LinkStatus['lastError'] {
  switch (end.kind) {
    case 'refused':
    case 'bye':
      return shown('link.refused', { code: end.code, detail: (end.message ?? '').slice(0, shownDetailLength) });
    case 'protocol':
      return shown('link.protocol', { detail: end.detail });
    case 'coordinator_changed':
      return shown('link.coordinator_changed', { found: end.found, expected: end.expected });
    case 'lost':
      return shown(isErrorCode(end.errorCode) ? end.errorCode : 'link.down', {
        detail: end.detail.slice(0, shownDetailLength),
      });
    case 'closed':
      return null;
  }
}

/** "`wss:`; `ws:` only to a loopback host." */
function checkUrl(url: string): void {
  const parsed = URL.canParse(url) ? new URL(url) : null;
  const isLoopback = parsed !== null && ['127.0.0.1', 'localhost', '[::1]'].includes(parsed.hostname);
  const isAllowed = parsed !== null && (parsed.protocol === 'wss:' || (parsed.protocol === 'ws:' && isLoopback));
  if (!isAllowed)
    throw new AppError('network.bad_profile', {
      detail: 'the coordinator URL must use wss:, or ws: to a loopback host',
    });
}
