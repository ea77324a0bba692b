/** Filters, cursors and paging of the list calls (Sui rpc v2: terms are joined by "or", literals within a term by "and"). */
import { GrpcTypes as T } from '@mysten/sui/grpc';
import { normalizeStructTag, normalizeSuiAddress } from '@mysten/sui/utils';
import type { EventRow, TransactionRow } from './ledger-rows.ts';
import type { Scan } from './ledger.ts';

const CURSOR_BYTES = 8;
const MAX_POSITION = 2n ** 62n;
/** Items per page when none is asked for, and at most. */
export const PAGE = { default: 50, max: 1_000 } as const;

/** A position as an opaque cursor. */
export const cursorOf = (position: bigint): Uint8Array => {
  const bytes = new Uint8Array(CURSOR_BYTES);
  new DataView(bytes.buffer).setBigUint64(0, position);
  return bytes;
};
const positionOf = (cursor: Uint8Array | undefined, absent: bigint): bigint =>
  cursor?.length === CURSOR_BYTES ? new DataView(Uint8Array.from(cursor).buffer).getBigUint64(0) : absent;

/** A page size within bounds. */
export const pageSize = (asked: number | undefined): number => Math.min(asked || PAGE.default, PAGE.max);

/** The scan that a request's options mean; `limit` rows are read at a time. */
export const scanOf = (options: T.QueryOptions | undefined, limit: number): Scan => ({
  after: positionOf(options?.after, -1n),
  before: positionOf(options?.before, MAX_POSITION),
  descending: options?.ordering === T.Ordering.DESCENDING,
  limit,
});

/** The scan that goes on behind a row. */
export const behind = (scan: Scan, position: bigint): Scan =>
  scan.descending ? { ...scan, before: position } : { ...scan, after: position };

const withModule = (text: string): string => {
  const [address, ...rest] = text.split('::');
  return [normalizeSuiAddress(address ?? ''), ...rest].join('::');
};

/** `package`, `package::module`, a type without its parameters, or a whole type. */
const typeMatches = (type: string, wanted: string): boolean => {
  const full = wanted.includes('<') ? normalizeStructTag(wanted) : withModule(wanted);
  return type === full || type.startsWith(`${full}::`) || type.startsWith(`${full}<`);
};

const moduleMatches = (packageId: string, module: string, wanted: string): boolean => {
  const full = withModule(wanted);
  return full === packageId || full === `${packageId}::${module}`;
};

type EventFacts = Pick<EventRow, 'sender' | 'type' | 'packageId' | 'module'>;

/** Whether an event passes the filter; predicates this node does not know match nothing. */
export const eventMatches = (filter: T.EventFilter | undefined, event: EventFacts): boolean => {
  if (!filter || filter.terms.length === 0) return true;
  const holds = ({ predicate }: T.EventLiteral): boolean => {
    if (predicate.oneofKind === 'sender') return event.sender === normalizeSuiAddress(predicate.sender.address ?? '');
    if (predicate.oneofKind === 'eventType') return typeMatches(event.type, predicate.eventType.eventType ?? '');
    if (predicate.oneofKind === 'emitModule')
      return moduleMatches(event.packageId, event.module, predicate.emitModule.module ?? '');
    return false;
  };
  return filter.terms.some((term) => term.literals.every((literal) => holds(literal) !== literal.negated));
};

const callMatches = (executed: T.ExecutedTransaction, wanted: string): boolean => {
  const data = executed.transaction?.kind?.data;
  if (data?.oneofKind !== 'programmableTransaction') return false;
  const full = withModule(wanted);
  return data.programmableTransaction.commands.some(({ command }) => {
    if (command.oneofKind !== 'moveCall') return false;
    const { package: packageId = '', module = '', function: name = '' } = command.moveCall;
    return [packageId, `${packageId}::${module}`, `${packageId}::${module}::${name}`].includes(full);
  });
};

const eventFacts = (event: T.Event): EventFacts => ({
  sender: event.sender ?? '',
  type: event.eventType ?? '',
  packageId: event.packageId ?? '',
  module: event.module ?? '',
});

/** Whether a transaction passes the filter. */
export const transactionMatches = (
  filter: T.TransactionFilter | undefined,
  executed: T.ExecutedTransaction,
): boolean => {
  if (!filter || filter.terms.length === 0) return true;
  const events = (executed.events?.events ?? []).map(eventFacts);
  const changed = executed.effects?.changedObjects ?? [];
  const holds = ({ predicate }: T.TransactionLiteral): boolean => {
    switch (predicate.oneofKind) {
      case 'sender':
        return executed.transaction?.sender === normalizeSuiAddress(predicate.sender.address ?? '');
      case 'moveCall':
        return callMatches(executed, predicate.moveCall.function ?? '');
      case 'eventType':
        return events.some((event) => typeMatches(event.type, predicate.eventType.eventType ?? ''));
      case 'emitModule':
        return events.some((event) => moduleMatches(event.packageId, event.module, predicate.emitModule.module ?? ''));
      case 'affectedObject':
        return changed.some((one) => one.objectId === normalizeSuiAddress(predicate.affectedObject.objectId ?? ''));
      case 'affectedAddress': {
        const address = normalizeSuiAddress(predicate.affectedAddress.address ?? '');
        return changed.some((one) => one.inputOwner?.address === address || one.outputOwner?.address === address);
      }
      default:
        return false;
    }
  };
  return filter.terms.some((term) => term.literals.every((literal) => holds(literal) !== literal.negated));
};

/** A row's message form. */
export const executedOf = (row: TransactionRow): T.ExecutedTransaction =>
  T.ExecutedTransaction.fromBinary(row.executed);

/** An event row as a message with its place. */
export const eventOf = (row: EventRow): T.Event =>
  T.Event.create({
    packageId: row.packageId,
    module: row.module,
    sender: row.sender,
    eventType: row.type,
    contents: { name: row.type, value: row.contents },
    checkpoint: row.checkpoint,
    transactionDigest: row.digest,
    transactionIndex: 0n,
    eventIndex: row.eventIndex,
  });

/**
 * Walks rows in scan order until `limit` of them match; gives the matches, the last position looked at and whether
 * rows may be left.
 */
export const collect = <R extends { readonly position: bigint }>(
  scan: Scan,
  read: (scan: Scan) => R[],
  matches: (row: R) => boolean,
  limit: number,
): { readonly rows: R[]; readonly full: boolean; readonly seen: bigint | null } => {
  const rows: R[] = [];
  let next = scan;
  let seen: bigint | null = null;
  for (;;) {
    const batch = read(next);
    for (const row of batch) {
      seen = row.position;
      if (matches(row)) rows.push(row);
      if (rows.length === limit) return { rows, full: true, seen };
    }
    if (batch.length < next.limit || seen === null) return { rows, full: false, seen };
    next = behind(next, seen);
  }
};
