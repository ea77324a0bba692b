/** Fetches one range of a file once: what came before a cut, a stall or a stop is kept (issue 4, item 3). */
import { AppError, toAppError } from '../../src-shared/errors.ts';
import type { ByteRange } from './byte-ranges.ts';
import type { PartialFile } from './partial-file.ts';
import type { FileStream, HostFile, StoreDeps } from './types.ts';

type Limits = { stallMs: number; flushBytes: number };
type Deps = {
  open(range: ByteRange, signal: AbortSignal): Promise<FileStream>;
  schedule: StoreDeps['schedule'];
  signal: AbortSignal;
  keep(range: ByteRange): Promise<void>;
  onBytes(bytes: number): void;
};

/**
 * Returns when the range is durable.
 * @throws AppError models.range_refused (the host has no ranges), cut_off, stalled, host_lied, size_mismatch and what the host or disk says; the signal's reason
 */
export async function fetchRange(file: HostFile, range: ByteRange, partial: PartialFile, limits: Limits, deps: Deps): Promise<void> {
  const stalled = new AbortController();
  const signal = AbortSignal.any([deps.signal, stalled.signal]);
  let disarm: () => void = () => undefined;
  const arm = (): void => {
    disarm();
    disarm = deps.schedule(limits.stallMs, () => stalled.abort(new AppError('models.stalled')));
  };
  let [at] = range;
  let flushed = at;
  const flush = async (): Promise<void> => {
    const from = flushed;
    flushed = at;
    await deps.keep([from, at]);
  };
  try {
    arm();
    const stream = await deps.open(range, signal);
    checkStream(file, range, stream);
    for await (const bytes of bodyOf(stream, signal)) {
      arm();
      if (at + bytes.length > range[1]) throw tooLong(file, stream);
      await partial.write(bytes, at);
      at += bytes.length;
      deps.onBytes(bytes.length);
      if (at - flushed >= limits.flushBytes) await flush();
    }
    if (at < range[1]) throw new AppError('models.cut_off');
  } finally {
    disarm();
    await flush();
  }
}

function checkStream(file: HostFile, range: ByteRange, stream: FileStream): void {
  const fits = !stream.whole || (range[0] === 0 && range[1] === file.sizeBytes);
  const found = stream.totalBytes;
  if (fits && (found === null || found === file.sizeBytes)) return;
  void stream.body.cancel().catch(() => undefined); // nobody reads it any more
  throw fits || (found !== null && found !== file.sizeBytes) ? new AppError('models.size_mismatch', { file: file.path }) : new AppError('models.range_refused');
}

const tooLong = (file: HostFile, { whole }: FileStream): AppError =>
  whole ? new AppError('models.size_mismatch', { file: file.path }) : new AppError('models.host_lied', { detail: 'it sent more than was asked for' });

/** The bytes of a stream; a line that breaks is a cut, a stop is its own reason. */
async function* bodyOf({ body }: FileStream, signal: AbortSignal): AsyncGenerator<Uint8Array> {
  const reader = body.getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read().catch((caught: unknown) => {
        signal.throwIfAborted();
        throw new AppError('models.cut_off', {}, { cause: toAppError(caught) });
      });
      if (done) return;
      yield value;
    }
  } finally {
    void reader.cancel().catch(() => undefined); // it has ended, or its end is of no interest
  }
}
