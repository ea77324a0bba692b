/** One writer per wallet: build, store bytes and digest, submit, book the effects; what is in doubt is looked up by its digest and never spent twice (architecture.md, "Chain"). */
import { bcs } from '@mysten/sui/bcs';
import { TransactionDataBuilder } from '@mysten/sui/transactions';
import { toBase64 } from '@mysten/sui/utils';
import type { Intent, Outcome } from '../../src-shared/bridge/intents.ts';
import { AppError, toAppError } from '../../src-shared/errors.ts';
import { backoff } from '../core/backoff.ts';
import type { LaneBoundary } from '../core/crash-points.ts';
import type { Logger } from '../log/logger.ts';
import { errorText, isAnswer, isNotFound } from './call-errors.ts';
import type { ChainStore, NewTx, TxOrigin, TxRow } from './chain-store.ts';
import type { ChainClient } from './client.ts';
import { included, reportOf, type Report } from './executed.ts';
import { executionError } from './execution-error.ts';
import { netGasMist } from './gas.ts';
import type { Prepare } from './prepare.ts';

/** The wallet's lane. */
export type Lane = {
  /**
   * Runs one intent after all earlier ones. Ends with its effects, or `in_doubt` when nobody knows yet.
   * @throws AppError chain.aborted, chain.rejected and what preparing throws (nothing was sent); chain.in_doubt while an earlier one is undecided
   */
  execute(intent: Intent, origin: TxOrigin): Promise<Outcome>;
  /** Runs a reading between two transactions: while one of ours runs, the coins it uses change under a simulation. */
  between<T>(work: () => Promise<T>): Promise<T>;
  /** Looks up what is in doubt and due; tells how many transactions remain undecided. */
  settleDoubts(): Promise<number>;
  /** Intents that run, wait in line, or are in doubt: nothing that contradicts them may be accepted meanwhile. */
  underWay(): Intent[];
  /** Takes nothing new, also of what waits in line; resolves when what runs has its end or is in doubt. Two lanes on one wallet could lock its coins. */
  close(): Promise<void>;
};

type Deps = {
  client: ChainClient;
  store: Pick<ChainStore, 'tx'>;
  prepare: Prepare;
  walletAddress: () => string | null;
  signTransaction: (bytes: Uint8Array) => Promise<string>;
  epoch: () => Promise<bigint>;
  packageId: string;
  /** Writes the end of a transaction, its ledger entries and what follows from its events, in one database transaction. */
  book: (row: TxRow, report: Report, end: () => void) => Promise<void>;
  now: () => number;
  random: () => number;
  log: Logger;
  /** Called, and waited for, at each boundary. */
  crashPoint: (boundary: LaneBoundary, kind: Intent['kind']) => void | Promise<void>;
};

/** Creates the lane; transactions of an earlier run that are still pending count as in doubt. */
export function createLane(deps: Deps): Lane {
  const { client, store, log } = deps;
  const line: Intent[] = [];
  let closed = false;
  let tail: Promise<unknown> = Promise.resolve();
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const mine = tail.then(work, work);
    tail = mine.catch(() => undefined);
    return mine;
  };
  const lookup = async (digest: string): Promise<Report | null> => {
    try {
      return reportOf(await client.ask((node, signal) => node.getTransaction({ digest, include: included, signal })));
    } catch (caught) {
      if (isNotFound(caught)) return null;
      throw caught;
    }
  };

  const book = async (row: TxRow, report: Report): Promise<Outcome> => {
    await deps.crashPoint('effects', row.intent.kind);
    const { contract } = await client.deployment();
    const failure = report.status.success ? null : executionError(report.status.error, contract.generation, deps.packageId);
    const gasMist = netGasMist(report.effects.gasUsed);
    await deps.book(row, report, () =>
      store.tx.finish(row.digest, {
        status: failure === null ? 'success' : 'failed',
        errorCode: failure?.code ?? null,
        errorMessage: failure?.message ?? null,
        gasMist,
        effects: report.effects.bcs,
        executedEpoch: report.epoch === null ? null : BigInt(report.epoch),
      }),
    );
    log.info('chain.executed', { digest: row.digest, intent: row.intent.kind, status: failure === null ? 'success' : 'failed', gasMist: String(gasMist) });
    return {
      digest: row.digest,
      status: failure === null ? 'success' : 'failed',
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
  /** True when another transaction used up an input: then these bytes can never be executed. */
  const isSuperseded = async (row: TxRow): Promise<boolean> => {
    const refs = ownedInputs(row.bytes);
    const { objects } = await client.ask((node, signal) => node.getObjects({ objectIds: refs.map((ref) => ref.objectId), signal }));
    return refs.some((ref, index) => {
      const found = objects[index];
      return found === undefined || (found instanceof Error ? isNotFound(found) : BigInt(found.version) > BigInt(ref.version));
    });
  };
  /** Effects, an end without effects (thrown), or null while undecided. */
  const afterRefusal = async (row: TxRow, refusal: unknown, sentBefore: boolean): Promise<Outcome | null> => {
    // Order matters: a full node that shows an input as used also knows the transaction that used it.
    const final = !sentBefore || (await isSuperseded(row));
    const found = await lookup(row.digest);
    if (found !== null) return book(row, found);
    const error = new AppError('chain.rejected', { detail: errorText(refusal) }, { cause: refusal });
    if (final) throw close(row, 'refused', error);
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

  /** "Ask for the digest; found → take its effects; not found → submit the same bytes"; rebuild only when expired and unknown. */
  const resolve = async (row: TxRow): Promise<Outcome | null> => {
    const epoch = await deps.epoch();
    const found = await lookup(row.digest);
    if (found !== null) return book(row, found);
    if (epoch > row.expiresAfterEpoch) throw close(row, 'expired', new AppError('chain.expired'));
    return submit(row, true);
  };
  const resolveAll = async (wallet: string, all: boolean): Promise<number> => {
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
  };

  const run = async (intent: Intent, origin: TxOrigin): Promise<Outcome> => {
    if (closed) throw new AppError('chain.not_ready');
    const wallet = deps.walletAddress();
    if (wallet === null) throw new AppError('keys.not_created');
    // A transaction in doubt may hold the gas coin: building beside it could lock both.
    if ((await resolveAll(wallet, true)) > 0) throw new AppError('chain.in_doubt');
    const prepared = await deps.prepare(intent, wallet);
    const tx: NewTx = {
      digest: TransactionDataBuilder.getDigestFromBytes(prepared.bytes),
      wallet, intent, origin,
      bytes: prepared.bytes,
      signature: await deps.signTransaction(prepared.bytes),
      expiresAfterEpoch: prepared.expiresAfterEpoch,
    };
    store.tx.add(tx);
    await deps.crashPoint('stored', intent.kind);
    const row = store.tx.find(tx.digest);
    if (row === null) throw new AppError('bug.unexpected', { detail: 'a stored transaction is not there' });
    const outcome = await conclude(row);
    if (outcome === null) return inDoubt(row.digest);
    await waitUntilVisible(client, row.digest, log);
    return outcome;
  };
  /** From the first submission on, an error that leaves the row pending means doubt, never failure. */
  const conclude = async (row: TxRow): Promise<Outcome | null> => {
    try {
      return (await submit(row, false)) ?? (await resolve(row));
    } catch (caught) {
      if (store.tx.find(row.digest)?.status !== 'pending') throw caught;
      const error = toAppError(caught);
      log[error.kind === 'bug' ? 'error' : 'warn']('chain.in_doubt', { digest: row.digest, code: error.code, detail: errorText(error.cause ?? error) });
      return null;
    }
  };

  return {
    execute(intent, origin) {
      line.push(intent);
      return inTurn(() => run(intent, origin)).finally(() => line.splice(line.indexOf(intent), 1));
    },
    between: inTurn,
    settleDoubts: () =>
      inTurn(async () => {
        const wallet = deps.walletAddress();
        return wallet === null ? 0 : resolveAll(wallet, false);
      }),
    async close() {
      closed = true;
      await tail;
    },
    underWay() {
      const wallet = deps.walletAddress();
      return [...line, ...(wallet === null ? [] : store.tx.pending(wallet).map((row) => row.intent))];
    },
  };
}

function inDoubt(digest: string): Outcome {
  const error = new AppError('chain.in_doubt');
  return { digest, status: 'in_doubt', gasMist: null, error: { code: error.code, message: error.message }, effects: null };
}

/** Owned objects that the bytes use up, gas coins included. */
function ownedInputs(bytes: Uint8Array): { objectId: string; version: string }[] {
  const data = bcs.TransactionData.parse(bytes).V1;
  const inputs = data.kind.ProgrammableTransaction?.inputs ?? [];
  return [...data.gasData.payment, ...inputs.flatMap((input) => input.Object?.ImmOrOwnedObject ?? [])].map(({ objectId, version }) => ({ objectId, version: String(version) }));
}

/** A full node may answer reads a moment behind its own answer; the next transaction needs the new object versions. */
async function waitUntilVisible(client: ChainClient, digest: string, log: Logger): Promise<void> {
  await client.ask(async (node, signal) => {
    try {
      await node.waitForTransaction({ digest, timeout: 5_000, signal });
    } catch (caught) {
      // Not the endpoint's failure: the next transaction is refused at worst, and built again.
      log.debug('chain.not_visible_yet', { digest, detail: errorText(caught) });
    }
  });
}
