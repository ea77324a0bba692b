/** Answers history requests of attestors: the bodies of a stack sealed anew, page by page (coordinator.md 7). */
import { linkLimits, type HistoryRefusedCode } from '../../../src-shared/link/codes.ts';
import { sealForNode } from '../../../src-shared/link/envelope.ts';
import type { CoordinatorMessage, HistoryItem } from '../../../src-shared/link/messages.ts';
import { workloadClassOfRole } from '../../../src-shared/link/work.ts';
import type { TicketOnChain } from './chain-reads.ts';
import type { CoordinatorStore } from './coordinator-store.ts';
import type { LiveNode } from './live-node.ts';
import { openBody } from './sealed-body.ts';

const maxItems = 256;
/** Room for the frame around the items. */
const frameBudget = linkLimits.maxFrameBytes - 64 * 1024;

/** Why a history is refused, the first that applies; null when it is given. */
export function judgeHistory(facts: { namedBy: readonly bigint[] | null; nodeSmallIds: readonly bigint[]; stackKnown: boolean; historyKept: boolean }): HistoryRefusedCode | null {
  const named = facts.namedBy !== null && facts.nodeSmallIds.some((id) => facts.namedBy?.includes(id));
  if (!named) return 'not_requested';
  if (!facts.stackKnown) return 'unknown_stack';
  return facts.historyKept ? null : 'no_history';
}

/** Builds the answer to one history_request. */
export async function answerHistory(
  request: { stackSmallId: number; after: number },
  node: LiveNode,
  deps: { store: CoordinatorStore; bodyKey: Uint8Array; ticket(id: bigint): Promise<TicketOnChain | null> },
): Promise<CoordinatorMessage> {
  const { stackSmallId, after } = request;
  const id = BigInt(stackSmallId);
  const ticket = await deps.ticket(id);
  const stack = deps.store.stack(id);
  const code = judgeHistory({
    namedBy: ticket?.requested ?? null,
    nodeSmallIds: node.nodeSmallIds,
    stackKnown: stack !== null,
    // Without sampling consensus the buyer may have sealed; after the windows the bodies are gone.
    historyKept: stack !== null && stack.samplingConsensus && deps.store.isKept(id),
  });
  if (code !== null) return { type: 'history_refused', stack_small_id: stackSmallId, code };
  const rows = deps.store.history(id, after, maxItems + 1);
  const items: HistoryItem[] = [];
  let bytes = 0;
  for (const row of rows.slice(0, maxItems)) {
    const payload = { v: 1 as const, body: openBody(deps.bodyKey, row.sealedBody) };
    const envelope = await sealForNode(payload, { publicKeyPem: node.manifest.pubkey_rsa, nodeId: node.nodeId, taskId: row.taskId });
    const { index, taskId, model, maxComputeUnits, entry, fingerprint } = row;
    const item: HistoryItem = { index, task_id: taskId as HistoryItem['task_id'], workload_class: row.workloadClass ?? workloadClassOfRole[stack?.role ?? 0] ?? 'ai.inference', model, max_compute_units: maxComputeUnits, envelope, entry, fingerprint };
    bytes += JSON.stringify(item).length + 1;
    if (bytes > frameBudget && items.length > 0) break;
    items.push(item);
  }
  const last = items.at(-1)?.index ?? null;
  return { type: 'history', stack_small_id: stackSmallId, items, next: items.length < rows.length ? last : null };
}
