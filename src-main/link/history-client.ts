/** Asks the coordinator for the history of a stack, one page at a time, and takes only answers that were asked for (coordinator.md 3 and 7). */
import { AppError } from '../../src-shared/errors.ts';
import type { CoordinatorMessage, NodeMessage } from '../../src-shared/link/messages.ts';
import { signedTexts } from '../../src-shared/link/signed-texts.ts';
import type { HistoryPage, LinkKeys } from './types.ts';

type Answer = Extract<CoordinatorMessage, { type: 'history' | 'history_refused' }>;
type Deps = {
  keys: Pick<LinkKeys, 'signLiveness'>;
  schedule(delayMs: number, work: () => void): () => void;
  send(frame: NodeMessage): void;
  isOver(): boolean;
};

/** Sealing a full page anew costs the coordinator 256 public-key operations. */
const answerTimeoutMs = 30_000;

/** The questions of one session. */
export type HistoryClient = {
  /** @throws AppError link.down when the session ends or the answer does not come */
  ask(stackSmallId: bigint, after: number): Promise<HistoryPage>;
  /** Takes a frame; false when nobody asked for it. */
  answered(frame: Answer): boolean;
  stop(): void;
};

type Waiting = { stackSmallId: number; resolve(page: HistoryPage): void; reject(error: AppError): void; late: boolean };

/** Creates the client of one session. Questions go out one after the other, so that an answer has one question. */
export function createHistoryClient({ sessionId, nodeId }: { sessionId: string; nodeId: string }, { keys, schedule, send, isOver }: Deps): HistoryClient {
  /** In the order of asking. One that is late keeps its place: its answer may still come, and is then no violation. */
  const waiting: Waiting[] = [];
  let tail: Promise<unknown> = Promise.resolve();
  const down = (detail: string): AppError => new AppError('link.down', { detail });

  const askNow = async (id: bigint, after: number): Promise<HistoryPage> => {
    const stackSmallId = Number(id);
    const sig = await keys.signLiveness(signedTexts.history({ sessionId, nodeId, stackSmallId, after }));
    if (isOver()) throw down('the session ended');
    return new Promise((resolve, reject) => {
      const callOff = schedule(answerTimeoutMs, () => {
        question.late = true;
        reject(down('no history in time'));
      });
      const question: Waiting = {
        stackSmallId,
        late: false,
        resolve: (page) => (callOff(), resolve(page)),
        reject: (error) => (callOff(), reject(error)),
      };
      waiting.push(question);
      send({ type: 'history_request', stack_small_id: stackSmallId, after, sig });
    });
  };

  return {
    ask(stackSmallId, after) {
      const mine = tail.then(() => askNow(stackSmallId, after));
      tail = mine.catch(() => undefined); // the caller of `mine` gets the error
      return mine;
    },
    answered(frame) {
      const place = waiting.findIndex((question) => question.stackSmallId === frame.stack_small_id);
      const [question] = place < 0 ? [] : waiting.splice(place, 1);
      if (question === undefined) return false;
      if (question.late) return true;
      question.resolve(frame.type === 'history' ? { kind: 'page', items: frame.items, next: frame.next } : { kind: 'refused', code: frame.code });
      return true;
    },
    stop: () => waiting.splice(0).forEach((question) => question.reject(down('the session ended'))),
  };
}
