/** What becomes of a stored transaction: sent, found on chain, refused for good, or expired; never spent twice and never given up while it may have happened (architecture.md, "Chain"). */
import { toBase64 } from '@mysten/sui/utils';
import type { Intent, Outcome } from '../../src-shared/bridge/intents.ts';
import { AppError, toAppError } from '../../src-shared/errors.ts';
import { backoff } from '../core/backoff.ts';
import type { LaneBoundary } from '../core/crash-points.ts';
import type { Logger } from '../log/logger.ts';
import { errorText, isAnswer } from './call-errors.ts';
import type { ChainStore, TxRow } from './chain-store.ts';
import type { ChainClient } from './client.ts';
import { included, reportOf, type Report } from './executed.ts';
import { executionError } from './execution-error.ts';
import { netGasMist } from './gas.ts';
import { isSuperseded, lookUp } from './look-up.ts';

/** What ending a transaction takes. */
export type DoubtDeps = {
  client: ChainClient;
  store: Pick<ChainStore, 'tx'>;
  packageId: string;
  /** Writes the end of a transaction, its ledger entries and what follows from its events, in one database transaction. */
  book: (row: TxRow, report: Report, end: () => void) => Promise<void>;
  now: () => number;
  random: () => number;
  log: Logger;
  /** Called, and waited for, at each boundary. */
  crashPoint: (boundary: LaneBoundary, kind: Intent['kind']) => void | Promise<void>;
};

/** Creates them over the rows. */
export function createDoubts(deps: DoubtDeps) {
  const { client, store, log } = deps;

  const book = async (row: TxRow, report: Report): Promise<Outcome> => {
    await deps.crashPoint('effects', row.intent.kind);
    const { contract } = await client.deployment();
    const failure = report.status.success ? null : executionError(report.status.error, contract.generation, deps.packageId);
    const gasMist = netGasMist(report.effects.gasUsed);
    const status = failure === null ? 'success' : 'failed';
    await deps.book(row, report, () =>
      store.tx.finish(row.digest, {
        status,
        errorCode: failure?.code ?? null,
        errorMessage: failure?.message ?? null,
        gasMist,
        effects: report.effects.bcs,
        executedEpoch: report.epoch === null ? null : BigInt(report.epoch),
      }),
    );
    log.info('chain.executed', { digest: row.digest, intent: row.intent.kind, status, gasMist: String(gasMist) });
    return {
      digest: row.digest,
      status,
      gasMist,
      error: failure === null ? null : { code: failure.code, message: failure.message },
      effects: report.effects.bcs === null ? null : toBase64(report.effects.bcs),
    };
  };
  const close = (row: TxRow, status: 'refused' | 'expired', error: AppError): AppError => {
    store.tx.finish(row.digest, { status, errorCode: error.code, errorMessage: error.message, gasMist: null, effects: null, executedEpoch: null });
    log.warn('chain.not_executed', { digest: row.digest, intent: row.intent.kind, status, code: error.code });
    return error;
  };
  const postpone = (row: TxRow, error: AppError): void => {
    const attempts = row.attempts + 1;
    store.tx.postpone(row.digest, attempts, deps.now() + backoff(attempts, deps.random), { code: error.code, message: error.message });
    row.attempts = attempts;
  };

  /** Sends the stored bytes. The effects, or the refusal and whether some send before it went unanswered, or null without an answer. */
  const send = async (row: TxRow): Promise<{ report: Report } | { refusal: unknown; unanswered: boolean } | null> => {
    let sends = 0;
    try {
      const result = await client.ask((node, signal) => {
        sends += 1;
        return node.executeTransaction({ transaction: row.bytes, signatures: [row.signature], include: included, signal });
      });
      return { report: reportOf(result) };
    } catch (caught) {
      if (isAnswer(caught)) return { refusal: caught, unanswered: sends > 1 };
      log.warn('chain.in_doubt', { digest: row.digest, intent: row.intent.kind, detail: errorText(caught) });
      return null;
    }
  };
  /** Effects, an end without effects (thrown), or null while undecided. */
  const afterRefusal = async (row: TxRow, refusal: unknown, sentBefore: boolean): Promise<Outcome | null> => {
    // One and the same full node, in this order: one that shows an input as used also knows the transaction that used it, another may not yet.
    const { superseded, report } = await client.ask(async (node, signal) => ({
      superseded: sentBefore && (await isSuperseded(node, row.bytes, signal)),
      report: (await lookUp(node, row.digest, signal)).report,
    }));
    if (report !== null) return book(row, report);
    const error = new AppError('chain.rejected', { detail: errorText(refusal) }, { cause: refusal });
    if (superseded || !sentBefore) throw close(row, 'refused', error);
    postpone(row, error);
    return null;
  };
  const submit = async (row: TxRow, sentBefore: boolean): Promise<Outcome | null> => {
    const answer = await send(row);
    if (answer === null) {
      postpone(row, new AppError('chain.in_doubt'));
      return null;
    }
    if ('refusal' in answer) return afterRefusal(row, answer.refusal, sentBefore || answer.unanswered);
    await deps.crashPoint('submitted', row.intent.kind);
    return book(row, answer.report);
  };
  /**
   * "Ask for the digest; found → take its effects; not found → submit the same bytes"; rebuild only when expired and unknown.
   * Epoch and digest are asked of one and the same full node: one that has passed the last epoch of the bytes has executed all of that epoch, one that lags has not.
   */
  const resolve = async (row: TxRow): Promise<Outcome | null> => {
    const { report, epoch } = await client.ask((node, signal) => lookUp(node, row.digest, signal));
    if (report !== null) return book(row, report);
    if (epoch > row.expiresAfterEpoch) throw close(row, 'expired', new AppError('chain.expired'));
    return submit(row, true);
  };

  return {
    submit,
    resolve,
    /** Resolves what is pending, all of it or what is due; tells how many remain undecided. */
    async resolveAll(wallet: string, all: boolean): Promise<number> {
      let open = 0;
      for (const row of store.tx.pending(wallet)) {
        if (!all && row.notBeforeMs > deps.now()) {
          open += 1;
          continue;
        }
        try {
          if ((await resolve(row)) === null) open += 1;
        } catch (caught) {
          const error = toAppError(caught);
          // Refused or expired is an end too; anything else leaves the row as it is.
          if (store.tx.find(row.digest)?.status !== 'pending') continue;
          open += 1;
          postpone(row, error);
          if (error.kind === 'bug') throw error;
        }
      }
      return open;
    },
  };
}
