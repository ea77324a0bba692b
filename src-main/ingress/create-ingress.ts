/** The direct ingress of a session: listens as the settings say, counts, and announces the public address (protocol.md 7.5 to 7.9). */
import type { FastifyInstance } from 'fastify';
import type { IngressSettings } from '../../src-shared/bridge/ingress-calls.ts';
import { AppError, toAppError } from '../../src-shared/errors.ts';
import { backoff } from '../core/backoff.ts';
import { announce } from './announce.ts';
import { createIngressServer } from './ingress-server.ts';
import type { Ingress, IngressDeps, IngressLimits } from './types.ts';

const defaults: IngressLimits = { bodyTimeoutMs: 15_000, bodyBytes: 1_048_576, runMs: 600_000 };
const announceEveryMs = 600_000;

/** Creates it; nothing listens before `apply`. */
export function createIngress(deps: IngressDeps, limits: IngressLimits = defaults): Ingress {
  const { log, now, random, schedule, changed } = deps;
  let server: FastifyInstance | null = null;
  let listening: { address: string; with: string } | null = null;
  let problem: { code: string; message: string } | null = null;
  let served = 0;
  let running = 0;
  let refused: Record<string, number> = {};
  let announced: { atMs: number; problem: { code: string; message: string } | null } | null = null;
  let stopAnnouncing: () => void = () => undefined;
  let stopped = false;

  const counts = {
    served: () => {
      served += 1;
      changed();
    },
    refused: (code: string) => {
      refused = { ...refused, [code]: (refused[code] ?? 0) + 1 };
      changed();
    },
    running: (change: 1 | -1) => {
      running += change;
      changed();
    },
  };

  const close = async (): Promise<void> => {
    stopAnnouncing();
    listening = null;
    const closing = server;
    server = null;
    await closing?.close();
  };
  const open = async (settings: IngressSettings): Promise<void> => {
    const opening = createIngressServer(settings, { ...deps, limits, counts });
    const host = settings.reach === 'loopback' ? '127.0.0.1' : '0.0.0.0';
    try {
      await opening.listen({ host, port: settings.port });
    } catch (caught) {
      await opening.close();
      const code = (caught as { code?: string }).code;
      throw code === 'EADDRINUSE' || code === 'EACCES' ? new AppError('ingress.port_unusable', { port: settings.port }, { cause: caught }) : caught;
    }
    server = opening;
    const at = opening.server.address();
    listening = { address: `http://${host}:${typeof at === 'object' && at !== null ? at.port : settings.port}`, with: signature(settings) };
    log.info('ingress.listening', { address: listening.address });
  };
  const announceAgain = (settings: IngressSettings, attempt: number): void => {
    stopAnnouncing();
    if (settings.announceTo === null || stopped) return;
    const again = (delayMs: number, next: number): void => void (stopAnnouncing = schedule(delayMs, () => announceAgain(settings, next)));
    announceNow().then(
      () => again(announceEveryMs, 1),
      () => again(backoff(attempt, random), attempt + 1), // its reason stands in the status
    );
  };
  const announceNow = async (): Promise<void> => {
    try {
      await announce(deps.settings(), deps);
      announced = { atMs: now(), problem: null };
      log.info('ingress.announced');
    } catch (caught) {
      const { code, message } = toAppError(caught);
      announced = { atMs: now(), problem: { code, message } };
      log.warn('ingress.not_announced', { code });
      throw caught;
    } finally {
      changed();
    }
  };

  /** One change after the other: two at once would listen twice. */
  let last: Promise<unknown> = Promise.resolve();
  const inTurn = (act: () => Promise<void>): Promise<void> => {
    const turn = last.then(act);
    last = turn.catch(() => undefined);
    return turn;
  };

  return {
    apply: () =>
      inTurn(async () => {
        const settings = deps.settings();
        problem = null;
        if (listening?.with !== signature(settings)) await close();
        if (settings.enabled && !stopped) {
          try {
            if (server === null) await open(settings);
            announceAgain(settings, 1);
          } catch (caught) {
            const { code, message } = toAppError(caught);
            problem = { code, message };
            log.error('ingress.not_listening', { code });
          }
        }
        changed();
      }),
    status: () => ({
      state: listening !== null ? 'listening' : problem !== null ? 'failed' : 'off',
      address: listening?.address ?? null,
      problem, served, running, refused, announced,
    }),
    announce: announceNow,
    stop: () => {
      stopped = true;
      return inTurn(close);
    },
  };
}

/** What the listening server depends on; the rest changes without a new one. */
const signature = ({ enabled, reach, port, maxConnections }: IngressSettings): string => JSON.stringify([enabled, reach, port, maxConnections]);
