/** Pages of the contract's events, as long as the full node gives them and with nothing in them that is not needed: a node that was away catches up on many (protocol.md 3; architecture.md: a week asleep changes nothing). */
import { GrpcTypes, type SuiGrpcClient } from '@mysten/sui/grpc';
import { fromBase64, toBase64 } from '@mysten/sui/utils';

/** An event of the contract's module `db`. */
export type DbEvent = { digest: string; index: number; name: string; contents: Uint8Array };
/** One page of events; `cursor` null means that nothing was there yet. */
export type EventPage = { events: DbEvent[]; cursor: string | null; more: boolean };

/** Most events in a page; a full node may give fewer. */
export const eventPageSize = 1_000;
const paths = ['event_type', 'contents', 'transaction_digest', 'event_index'];

/** The page after a cursor, oldest first. */
export async function eventPage(node: SuiGrpcClient, packageId: string, after: string | null, signal: AbortSignal, limit = eventPageSize): Promise<EventPage> {
  const module = `${packageId}::db`;
  const call = node.ledgerService.listEvents(
    {
      readMask: { paths },
      filter: { terms: [{ literals: [{ negated: false, predicate: { oneofKind: 'emitModule', emitModule: { module } } }] }] },
      options: { limit, ordering: GrpcTypes.Ordering.ASCENDING, ...(after === null ? {} : { after: fromBase64(after) }) },
    },
    { abort: signal },
  );
  // Each of these rejects when the stream breaks; the stream itself is read below.
  for (const part of [call.headers, call.status, call.trailers]) part.catch(() => undefined);
  const events: DbEvent[] = [];
  // The cursor stays at the last event, so that a poll that finds nothing has nothing to keep; only a scan that goes on moves it further.
  let cursor = after;
  let frontier = after;
  let more = false;
  for await (const frame of call.responses) {
    if (frame.watermark?.cursor) frontier = toBase64(frame.watermark.cursor);
    if (frame.event) {
      cursor = frontier;
      const { eventType = '', contents, transactionDigest = '', eventIndex = 0 } = frame.event;
      events.push({ digest: transactionDigest, index: eventIndex, name: eventType.split('::').at(-1) ?? '', contents: contents?.value ?? new Uint8Array() });
    }
    if (frame.end?.reason !== undefined) more = continues.has(frame.end.reason);
  }
  return { events, cursor: more ? frontier : cursor, more };
}

/** Ends of a page behind which there is more. */
const continues: ReadonlySet<GrpcTypes.QueryEndReason> = new Set([GrpcTypes.QueryEndReason.ITEM_LIMIT, GrpcTypes.QueryEndReason.SCAN_LIMIT]);
