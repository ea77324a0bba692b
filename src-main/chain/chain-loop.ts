/** Keeps the chain's side going: reads and reconciles at a sensible rate, sooner on a hint, later after failures (architecture.md: a lost event or a week asleep changes nothing). */
import type { SuiGrpcClient } from '@mysten/sui/grpc';
import { toAppError } from '../../src-shared/errors.ts';
import { backoff } from '../core/backoff.ts';
import type { Logger } from '../log/logger.ts';
import { errorText } from './call-errors.ts';
import type { ChainClient } from './client.ts';

type Options = { pollMs: number; packageId: string };
type Deps = { /** Reads the chain and acts; `tasks` has the tasks read too. */ round: (options: { tasks: boolean }) => Promise<void>; client: ChainClient; random: () => number; log: Logger };

/** Starts and stops the rounds. */
export type ChainLoop = { start(): void; stop(): Promise<void>; /** Lets the next round begin at once. */ hint(): void };

/** Events after which the list of tasks, or what others ask on them, reads differently. */
const changesTasks = /::db::(Task\w+|Node(Subscri|Unsubscri)\w+)Event$/;

/** Creates the loop; its timer and its stream hold no state, so losing either loses nothing. */
export function createChainLoop({ pollMs, packageId }: Options, { round, client, random, log }: Deps): ChainLoop {
  let going = false;
  let finished: Promise<void> = Promise.resolve();
  let wake: () => void = () => undefined;
  let hinted = false;
  let tasksHinted = false;
  let listening: AbortController | null = null;

  const pause = (waitMs: number): Promise<void> =>
    new Promise((done) => {
      const timer = setTimeout(done, waitMs);
      timer.unref();
      wake = () => {
        clearTimeout(timer);
        done();
      };
      if (hinted) wake();
    });
  const hint = (): void => {
    hinted = true;
    wake();
  };
  /** Events only say "look now"; the poll finds everything they would have told. */
  const listen = (node: SuiGrpcClient): void => {
    const control = new AbortController();
    listening = control;
    const filter = { terms: [{ literals: [{ negated: false, predicate: { oneofKind: 'emitModule' as const, emitModule: { module: `${packageId}::db` } } }] }] };
    const call = node.subscriptionService.subscribeEvents({ filter, readMask: { paths: ['event_type'] } }, { abort: control.signal });
    // Each of these promises rejects when the stream breaks; the stream itself is read below.
    for (const part of [call.headers, call.status, call.trailers]) part.catch(() => undefined);
    const read = async (): Promise<void> => {
      for await (const { event } of call.responses) {
        if (!event) continue;
        tasksHinted ||= changesTasks.test(event.eventType ?? '');
        hint();
      }
    };
    read()
      .catch((caught: unknown) => log.debug('chain.stream_ended', { detail: errorText(caught) }))
      .finally(() => {
        if (listening === control) listening = null;
      });
  };
  const run = async (): Promise<void> => {
    let failures = 0;
    while (going) {
      const tasks = tasksHinted;
      hinted = tasksHinted = false;
      try {
        await round({ tasks });
        failures = 0;
        if (going && listening === null) client.stream(listen);
      } catch (caught) {
        failures += 1;
        tasksHinted ||= tasks;
        const error = toAppError(caught);
        log[error.kind === 'bug' ? 'error' : 'warn']('chain.round_failed', { code: error.code, detail: errorText(error.cause ?? error), failures });
      }
      if (going) await pause(failures === 0 ? pollMs : Math.max(pollMs, backoff(failures, random, { baseMs: 1_000, capMs: 30_000 })));
    }
  };

  return {
    start() {
      if (going) return;
      going = true;
      finished = run();
    },
    async stop() {
      going = false;
      listening?.abort();
      wake();
      await finished;
    },
    hint,
  };
}
