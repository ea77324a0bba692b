/** What attesting needs of its neighbours; structural, so that nothing is imported (architecture.md, "Who may import whom"). */
import type { Outcome } from '../../src-shared/bridge/intents.ts';
import type { ChatPlan } from '../../src-shared/link/chat.ts';
import type { RoleRequest, RoleResult } from '../../src-shared/link/role-tasks.ts';
import type { HistoryRefusedCode } from '../../src-shared/link/codes.ts';
import type { HistoryItem } from '../../src-shared/link/messages.ts';
import type { WasmAnswer, WasmPlan } from '../../src-shared/link/wasm.ts';
import type { AttestDecision, HoldReason } from '../core/attest-plan.ts';
import type { AttestationRow, AttestEnd, HistoryEntry, Reexecution, RowError, StackAudit, TicketFact } from '../core/attest-rows.ts';
import type { AttestBoundary } from '../core/crash-points.ts';
import type { Logger } from '../log/logger.ts';

type Wait = { attempts: number; notBeforeMs: number };

/** The rows; every write is durable in its order. */
export type AttestTables = {
  rows: {
    note(stackSmallId: bigint, nodeSmallId: bigint): void;
    get(stackSmallId: bigint): AttestationRow | null;
    open(nodeSmallId: bigint): AttestationRow[];
    putTicket(stackSmallId: bigint, ticket: TicketFact, money: { penalty: bigint | null; reward: bigint | null; chainMs: number | null }): void;
    end(stackSmallId: bigint, end: AttestEnd): void;
    forget(stackSmallId: bigint): void;
    keepEntry(stackSmallId: bigint, entry: Reexecution): void;
    setComplete(stackSmallId: bigint): void;
    setHold(stackSmallId: bigint, hold: HoldReason): void;
    decide(stackSmallId: bigint, decision: AttestDecision | null): void;
    setError(stackSmallId: bigint, error: RowError | null, wait: Wait): void;
    setDigest(stackSmallId: bigint, digest: string): void;
    restart(stackSmallId: bigint): void;
  };
  audits: {
    get(stackSmallId: bigint): StackAudit | null;
    want(stackSmallId: bigint, entries: number): void;
    wanted(): StackAudit[];
    setRoots(stackSmallId: bigint, roots: { found: string; kept: string; sampleSize: number }): void;
    keepEntry(stackSmallId: bigint, one: Reexecution): void;
    setMissing(stackSmallId: bigint, missing: number): void;
    finish(stackSmallId: bigint, status: 'passed' | 'failed' | 'overruled'): void;
    setError(stackSmallId: bigint, error: RowError | null, wait: Wait): void;
    entries(stackSmallId: bigint, limit: number): Reexecution[];
  };
  ownHistory(stackSmallId: bigint, after: number, limit: number): HistoryEntry[];
  /** Stored entries with a receipt behind `after`, and the root that was kept with the receipts. */
  entryHashes(stackSmallId: bigint, after: number, limit: number): Uint8Array[];
  keptRoot(stackSmallId: bigint): Uint8Array | null;
  /** Digest of this node's attestation of the stack, by the lane's own rows; null where it sent none that succeeded. */
  sentDigest(stackSmallId: bigint): string | null;
};

/** The chain; what is not known yet is null. */
export type AttestChain = {
  nodeSmallId(): bigint | null;
  epoch(): bigint | null;
  /** Chain time and the length of an epoch in it, in milliseconds. */
  chainMs(): number | null;
  epochMs(): number;
  /** Epochs between settling and D. */
  delayEpochs(): bigint;
  /** Every live ticket that names this node: a walk over all of them. */
  ticketsNaming(nodeSmallId: bigint): Promise<bigint[]>;
  /** Tickets as they are now; null where none lives. */
  ticketFacts(ids: readonly bigint[]): Promise<(TicketFact | null)[]>;
  /** Base units: what silence costs and attesting earns; null while unknown. */
  money(ticket: TicketFact): { penalty: bigint | null; reward: bigint | null };
  /** An attestation runs, waits in line, or is in doubt. */
  isAttesting(): boolean;
  attest(stackSmallId: bigint, rootHex: string): Promise<Outcome>;
  /** Lets the reconciler look again: a stack may be settled now. */
  hint(): void;
};

/** One page from the coordinator. */
export type HistoryPage = { kind: 'page'; items: readonly HistoryItem[]; next: number | null } | { kind: 'refused'; code: HistoryRefusedCode };

/** What runs a request again. */
export type RerunDeps = {
  openEnvelope(jwe: string, taskId: string): Promise<Uint8Array>;
  run(
    request: ChatPlan & { model: string; maxComputeUnits: number },
    options: { signal: AbortSignal },
  ): Promise<{ content: string; finishReason: 'stop' | 'length'; promptTokens: number; completionTokens: number; fingerprint: string }>;
  /** Work of the other roles; absent where the engine does chat alone. */
  perform?(request: RoleRequest, options: { signal: AbortSignal }): Promise<RoleResult>;
  /** What runs WASM functions now; absent or null where this machine runs none. */
  wasm?(): { run(request: WasmPlan & { taskId: string; maxComputeUnits: bigint }, options: { signal: AbortSignal }): Promise<WasmAnswer & { fingerprint: string }> } | null;
};

/** Everything the driver is built from. */
export type AttestDeps = {
  tables: AttestTables;
  chain: AttestChain;
  rerun: RerunDeps;
  /** @throws AppError link.down */
  history(stackSmallId: bigint, after: number): Promise<HistoryPage>;
  coordinator(): 'none' | 'down' | 'up';
  /** `<name>@<revision>` on disk and verified. */
  models(): readonly string[];
  /** Paid work now, and the slots there are. */
  load(): { running: number; slots: number };
  /** Resolves when no paid work runs. */
  quiet(): Promise<void>;
  policies(): { autoAttest: boolean; selfAuditSample: number };
  now(): number;
  random(): number;
  /** Runs `work` once after `delayMs`; returns the way to call it off. */
  schedule(delayMs: number, work: () => void): () => void;
  log: Logger;
  /** Tests stop here. */
  crashPoint?: (boundary: AttestBoundary) => void;
};
