/** Cursors, intervals and pages of the ledger's lists (Sui rpc v2 QueryOptions, Watermark, QueryEnd). */
import { GrpcTypes as T } from '@mysten/sui/grpc';
import { invalid } from './grpc-error.ts';
import type { Ledger } from './ledger.ts';
import type { Scan, ScanKey, ScanTable } from './ledger-scan.ts';

const CURSOR_BYTES = 8;
const MAX_POSITION = 2n ** 62n;
const BATCH = 500;
/** Rows that one request looks at when few of them match; then it answers how far it came. */
const SCAN_LIMIT = 50_000;
/** Items per page when none is asked for, and at most. */
export const PAGE = { default: 50, max: 1_000 } as const;

/** A position as an opaque cursor. */
export const cursorOf = (position: bigint): Uint8Array => {
  const bytes = new Uint8Array(CURSOR_BYTES);
  new DataView(bytes.buffer).setBigInt64(0, position);
  return bytes;
};
const positionOf = (cursor: Uint8Array, field: string): bigint => {
  if (cursor.length !== CURSOR_BYTES) throw invalid(`invalid ${field} cursor`);
  return new DataView(Uint8Array.from(cursor).buffer).getBigInt64(0);
};

/** A page size within bounds. */
export const pageSize = (asked: number | undefined): number => Math.min(asked || PAGE.default, PAGE.max);

/** What every list call takes. */
export interface ListRequest {
  readonly startCheckpoint?: bigint;
  readonly endCheckpoint?: bigint;
  readonly options?: T.QueryOptions;
}

interface Bound {
  readonly at: bigint;
  readonly reason: T.QueryEndReason;
}
interface Interval {
  readonly low: Bound;
  readonly high: Bound;
}

const reasons = T.QueryEndReason;

/** Positions of a range of checkpoints; for checkpoints themselves the position is their number. */
const rangeOf = (ledger: Ledger, table: ScanTable, request: ListRequest): Interval => {
  const first = (checkpoint: bigint): bigint =>
    table === 'checkpoints' ? checkpoint : (ledger.firstPosition(table, checkpoint) ?? ledger.lastPosition(table) + 1n);
  const { startCheckpoint: start = 0n, endCheckpoint: end } = request;
  if (end !== undefined && end < start) throw invalid('end_checkpoint is before start_checkpoint');
  const low = { at: start === 0n ? -1n : first(start) - 1n, reason: reasons.CHECKPOINT_BOUND };
  if (end === undefined) return { low, high: { at: MAX_POSITION, reason: reasons.LEDGER_TIP } };
  const tip = ledger.tip()?.sequence ?? 0n;
  if (end > tip) return { low, high: { at: MAX_POSITION, reason: reasons.LEDGER_TIP } };
  return { low, high: { at: first(end), reason: reasons.CHECKPOINT_BOUND } };
};

/** The open interval in which cursors and checkpoints together leave positions. */
const intervalOf = (ledger: Ledger, table: ScanTable, request: ListRequest): Interval => {
  const { low, high } = rangeOf(ledger, table, request);
  const { after, before } = request.options ?? {};
  const reason = reasons.CURSOR_BOUND;
  const from = after && positionOf(after, 'after');
  const to = before && positionOf(before, 'before');
  return {
    low: from !== undefined && from > low.at ? { at: from, reason } : low,
    high: to !== undefined && to < high.at ? { at: to, reason } : high,
  };
};

/** Rows of several indexes as one list in scan order, without repeats. */
const readKeys = <R extends { readonly position: bigint }>(
  keys: readonly ScanKey[],
  scan: Scan,
  read: (scan: Scan, key: ScanKey) => R[],
): R[] => {
  const [only] = keys;
  if (keys.length === 1 && only) return read(scan, only);
  const rows = new Map(keys.flatMap((key) => read(scan, key)).map((row) => [row.position, row]));
  const sign = scan.descending ? -1 : 1;
  return [...rows.values()].sort((a, b) => (a.position < b.position ? -sign : sign)).slice(0, scan.limit);
};

/** How a page ended, and where the next one goes on. */
interface Page<R> {
  readonly rows: readonly R[];
  readonly reason: T.QueryEndReason;
  readonly frontier: bigint;
}

interface Walk<R> {
  readonly limit: number;
  readonly descending: boolean;
  readonly keys: readonly ScanKey[];
  readonly read: (scan: Scan, key: ScanKey) => R[];
  readonly matches: (row: R) => boolean;
}

/** Walks an interval until enough rows match, too many were looked at, or its end is reached. */
const pageIn = <R extends { readonly position: bigint }>(interval: Interval, tip: bigint, walk: Walk<R>): Page<R> => {
  const { descending } = walk;
  const rows: R[] = [];
  let after = interval.low.at;
  let before = interval.high.at;
  for (let looked = 0; ;) {
    // A page whose rows all match reads little more than itself.
    const limit = Math.min(Math.max(walk.limit, PAGE.default), BATCH);
    const batch = readKeys(walk.keys, { after, before, descending, limit }, walk.read);
    for (const row of batch) {
      if (descending) before = row.position;
      else after = row.position;
      if (!walk.matches(row)) continue;
      rows.push(row);
      if (rows.length === walk.limit) return { rows, reason: reasons.ITEM_LIMIT, frontier: row.position };
    }
    looked += batch.length;
    if (batch.length < limit) break;
    if (looked >= SCAN_LIMIT) return { rows, reason: reasons.SCAN_LIMIT, frontier: descending ? before : after };
  }
  const end = descending ? interval.low : interval.high;
  if (end.reason === reasons.CURSOR_BOUND) return { rows, reason: end.reason, frontier: end.at };
  // What the interval ends at is known up to the tip; a later row must come behind this cursor.
  const top = end.at <= tip ? end.at - 1n : tip;
  const frontier = descending || interval.low.at > top ? interval.low.at : top;
  return { rows, reason: end.reason, frontier };
};

/** One frame of an answer. */
export interface Frame<R> {
  readonly row: R | null;
  readonly watermark: T.Watermark;
  readonly end?: T.QueryEnd;
}

/**
 * The checkpoint that a scan has fully covered when it stands at a row: the one before (ascending) or after it
 * (descending), since the row's own may hold more. Unset in the scan's first checkpoint.
 */
const covered = (checkpoint: bigint, first: bigint, descending: boolean): { checkpoint?: bigint } => {
  if (checkpoint === first) return {};
  return { checkpoint: descending ? checkpoint + 1n : checkpoint - 1n };
};

/** Answers a list call as its frames; the last one carries the end, and with it the last item when the page is full. */
export const listFrames = <R extends { readonly position: bigint; readonly checkpoint: bigint }>(
  ledger: Ledger,
  table: ScanTable,
  request: ListRequest,
  source: Pick<Walk<R>, 'keys' | 'read' | 'matches'>,
): Frame<R>[] => {
  const descending = request.options?.ordering === T.Ordering.DESCENDING;
  const limit = pageSize(request.options?.limit);
  const tip = ledger.lastPosition(table);
  const interval = intervalOf(ledger, table, request);
  const { rows, reason, frontier } = pageIn(interval, tip, { ...source, descending, limit });
  const first = rows[0]?.checkpoint ?? 0n;
  const frames = rows.map((row): Frame<R> => ({
    row,
    watermark: { cursor: cursorOf(row.position), ...covered(row.checkpoint, first, descending) },
  }));
  const end: T.QueryEnd = { reason };
  const last = frames.at(-1);
  if (reason === reasons.ITEM_LIMIT && last) return [...frames.slice(0, -1), { ...last, end }];
  const watermark: T.Watermark = { cursor: cursorOf(frontier) };
  if (reason === reasons.LEDGER_TIP) watermark.checkpoint = ledger.tip()?.sequence ?? 0n;
  return [...frames, { row: null, watermark, end }];
};
