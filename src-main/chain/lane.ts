/** One writer per wallet: build, store bytes and digest, submit, book the effects; what is in doubt is looked up by its digest and never spent twice (architecture.md, "Chain"). */
import { TransactionDataBuilder } from '@mysten/sui/transactions';
import type { Intent, Outcome } from '../../src-shared/bridge/intents.ts';
import { AppError, toAppError } from '../../src-shared/errors.ts';
import { errorText } from './call-errors.ts';
import type { NewTx, TxOrigin, TxRow } from './chain-store.ts';
import { waitUntilVisible } from './look-up.ts';
import type { Prepare } from './prepare.ts';
import { createDoubts, type DoubtDeps } from './settle-doubt.ts';

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

type Deps = DoubtDeps & {
  prepare: Prepare;
  walletAddress: () => string | null;
  signTransaction: (bytes: Uint8Array) => Promise<string>;
};

/** Creates the lane; transactions of an earlier run that are still pending count as in doubt. */
export function createLane(deps: Deps): Lane {
  const { client, store, log } = deps;
  const doubts = createDoubts(deps);
  const line: Intent[] = [];
  let closed = false;
  let tail: Promise<unknown> = Promise.resolve();
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const mine = tail.then(work, work);
    tail = mine.catch(() => undefined);
    return mine;
  };

  const run = async (intent: Intent, origin: TxOrigin): Promise<Outcome> => {
    if (closed) throw new AppError('chain.not_ready');
    const wallet = deps.walletAddress();
    if (wallet === null) throw new AppError('keys.not_created');
    // A transaction in doubt may hold the gas coin: building beside it could lock both.
    if ((await doubts.resolveAll(wallet, true)) > 0) throw new AppError('chain.in_doubt');
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
      return (await doubts.submit(row, false)) ?? (await doubts.resolve(row));
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
        return wallet === null ? 0 : doubts.resolveAll(wallet, false);
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
