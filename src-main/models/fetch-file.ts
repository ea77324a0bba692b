/** Fetches one file into its partial file: in parallel ranges, or whole where a host has none, as often as it takes (issue 4, item 3). */
import { AppError, toAppError } from '../../src-shared/errors.ts';
import type { BackoffLimits } from '../core/backoff.ts';
import { nextGap, type ByteRange } from './byte-ranges.ts';
import { fetchRange } from './fetch-range.ts';
import type { PartialFile } from './partial-file.ts';
import { createPatience, type Patience, type Waiting } from './patience.ts';
import type { FileStream, HostFile, StoreDeps } from './types.ts';

export type FetchLimits = { connections: number; segmentBytes: number; stallMs: number; flushBytes: number; backoff: BackoffLimits };

export type FetchDeps = Pick<StoreDeps, 'schedule' | 'random' | 'now'> & {
  open(range: ByteRange, signal: AbortSignal): Promise<FileStream>;
  signal: AbortSignal;
  /** Bytes became durable, or were lost (negative). */
  onDurable(bytes: number): void;
  /** Bytes came over the line. */
  onBytes(bytes: number): void;
  /** The host failed and is asked again at that time; null: something new came. */
  onWaiting(waiting: Waiting | null): void;
};

type Transfer = { file: HostFile; partial: PartialFile; limits: FetchLimits; deps: FetchDeps; patience: Patience; keep(range: ByteRange): Promise<void> };

/**
 * Returns when every byte is durable; none of them has been checked yet.
 * @throws AppError what no retry mends (models.not_found, needs_token, size_mismatch, disk_full …); the signal's reason
 */
export async function fetchFile(file: HostFile, partial: PartialFile, limits: FetchLimits, deps: FetchDeps): Promise<void> {
  const patience = createPatience(limits.backoff, deps);
  let most = partial.durableBytes();
  const keep = async (range: ByteRange): Promise<void> => {
    deps.onDurable(await partial.keep(range));
    // Only what was never reached before is progress: a host that always cuts at the same place is left in peace ever longer.
    if (partial.durableBytes() > most) patience.progressed();
    most = Math.max(most, partial.durableBytes());
  };
  const transfer = { file, partial, limits, deps, patience, keep };
  if (!(await fetchInRanges(transfer))) await fetchWhole(transfer);
}

/** False when the host turned out to have no ranges. The first error that no retry mends ends all workers. */
async function fetchInRanges({ file, partial, limits, deps, patience, keep }: Transfer): Promise<boolean> {
  const stop = new AbortController();
  const signal = AbortSignal.any([deps.signal, stop.signal]);
  const taken: ByteRange[] = [];
  const work = async (): Promise<void> => {
    for (;;) {
      const gap = nextGap(file.sizeBytes, [...partial.durable(), ...taken], limits.segmentBytes);
      if (gap === null) return;
      taken.push(gap);
      const failed = await retryable(patience.during(fetchRange(file, gap, partial, limits, { ...deps, signal, keep }))).finally(() => taken.splice(taken.indexOf(gap), 1));
      if (failed?.code === 'models.range_refused') throw failed;
      if (failed !== null) await patience.wait(failed, signal);
    }
  };
  const workers = Array.from({ length: limits.connections }, work);
  try {
    await Promise.all(workers);
    return true;
  } catch (caught) {
    deps.signal.throwIfAborted();
    if (caught instanceof AppError && caught.code === 'models.range_refused') return false;
    throw caught;
  } finally {
    stop.abort(new AppError('models.cut_off'));
    await Promise.allSettled(workers); // what they still write is written before anybody else touches the file
  }
}

/** One connection, from the first byte, and from the first byte again after each failure. */
async function fetchWhole({ file, partial, limits, deps, patience, keep }: Transfer): Promise<void> {
  for (;;) {
    deps.onDurable(-partial.durableBytes());
    await partial.reset();
    const failed = await retryable(patience.during(fetchRange(file, [0, file.sizeBytes], partial, limits, { ...deps, keep })));
    if (failed === null) return;
    // Even the whole was refused as if it were a part: its first byte is not there, so it is empty at the host.
    if (failed.code === 'models.range_refused') throw new AppError('models.size_mismatch', { file: file.path }, { cause: failed });
    await patience.wait(failed, deps.signal);
  }
}

/** Null when the work is done, the error when it is worth another try. @throws every other error */
async function retryable(work: Promise<void>): Promise<AppError | null> {
  try {
    await work;
    return null;
  } catch (caught) {
    const error = caught instanceof AppError ? caught : null;
    if (error?.kind !== 'transient') throw caught instanceof Error ? caught : toAppError(caught);
    return error;
  }
}
