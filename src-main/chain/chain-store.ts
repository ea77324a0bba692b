/** The durable things the chain's side keeps, as the few functions it needs of the store (architecture.md, "Chain": bytes and digest stored before submit). */
import type { Intent } from '../../src-shared/bridge/intents.ts';
import type { LedgerRow } from '../core/ledger-entries.ts';

/** `pending` is also in doubt: it may have been submitted. `refused`: can never execute; `expired`: its epoch passed and no node knows it. */
export type TxStatus = 'pending' | 'success' | 'failed' | 'refused' | 'expired';
/** Who asked: the operator, or a policy of the node. */
export type TxOrigin = 'operator' | 'policy';

/** A transaction of the lane. */
export type TxRow = {
  digest: string;
  wallet: string;
  intent: Intent;
  origin: TxOrigin;
  /** BCS of the transaction, exactly as signed. */
  bytes: Uint8Array;
  /** Serialized Sui signature, base64; kept so that the same bytes can be sent again while the keys are locked. */
  signature: string;
  /** Last epoch in which it can be executed. */
  expiresAfterEpoch: bigint;
  status: TxStatus;
  attempts: number;
  notBeforeMs: number;
  errorCode: string | null;
  errorMessage: string | null;
  gasMist: bigint | null;
  /** BCS of the effects. */
  effects: Uint8Array | null;
  executedEpoch: bigint | null;
  createdMs: number;
  finishedMs: number | null;
};

/** A transaction before its first submission. */
export type NewTx = Pick<TxRow, 'digest' | 'wallet' | 'intent' | 'origin' | 'bytes' | 'signature' | 'expiresAfterEpoch'>;
/** How a transaction ended. */
export type TxEnd = Pick<TxRow, 'errorCode' | 'errorMessage' | 'gasMist' | 'effects' | 'executedEpoch'> & { status: Exclude<TxStatus, 'pending'> };

/** `open`: no ticket; `settled`: a ticket lives; `claimed`: paid and deleted; `gone`: vanished without a claim of ours. */
export type StackState = 'open' | 'settled' | 'claimed' | 'gone';

/** A stack that was sold to this node. */
export type StackRow = {
  stackSmallId: bigint;
  taskSmallId: bigint;
  nodeSmallId: bigint;
  owner: string;
  price: bigint;
  numComputeUnits: bigint;
  samplingConsensus: boolean;
  state: StackState;
  settleDigest: string | null;
  claimDigest: string | null;
  attempts: number;
  notBeforeMs: number;
  errorCode: string | null;
  errorMessage: string | null;
  errorMs: number | null;
  firstSeenMs: number;
  updatedMs: number;
};
/** What the chain tells of a stack when it is first seen. */
export type NewStack = Pick<StackRow, 'stackSmallId' | 'taskSmallId' | 'nodeSmallId' | 'owner' | 'price' | 'numComputeUnits' | 'samplingConsensus'>;

/** A settlement ticket as last read; kept after the claim deleted it on chain. */
export type TicketRow = {
  stackSmallId: bigint;
  claimedUnits: bigint;
  /** Null while only its event is known. */
  disputeSettledAtEpoch: bigint | null;
  isInDispute: boolean;
  requestedNodes: readonly bigint[];
  attestedNodes: readonly bigint[];
  updatedMs: number;
};

/** The price of a subscription before it was parked. */
export type ParkedSubscription = { taskSmallId: bigint; price: bigint; maxComputeUnits: bigint };

/** Acknowledged units of one stack within one quarter of an hour. */
export type EarnedRow = { quarterMs: number; stackSmallId: bigint; taskSmallId: bigint; units: bigint; jobs: number; price: bigint; samplingConsensus: boolean };

/** Acknowledged units of one local day, task and price; `dayMs` is the day's first moment. */
export type EarnedDay = Omit<EarnedRow, 'quarterMs' | 'stackSmallId'> & { dayMs: number };

/** Acknowledged units of one price. */
export type EarnedSum = Pick<EarnedRow, 'units' | 'price' | 'samplingConsensus'>;

/** Sum of a ledger kind in one coin. */
export type LedgerTotal = { kind: LedgerRow['kind']; coinType: string; amount: bigint };

/** What src-main/store supplies. All calls are synchronous; writes inside `transaction` are all or nothing. */
export type ChainStore = {
  transaction<T>(work: () => T): T;
  pins: {
    /** Chain id pinned for a network, or null. */
    get(network: string): string | null;
    set(network: string, chainId: string): void;
  };
  tx: {
    add(tx: NewTx): void;
    pending(wallet: string): TxRow[];
    find(digest: string): TxRow | null;
    /** Counts an attempt and says when the next may follow. */
    postpone(digest: string, attempts: number, notBeforeMs: number, error: { code: string; message: string } | null): void;
    finish(digest: string, end: TxEnd): void;
    /** Epoch of the last successful claim made by policy. */
    lastPolicyClaimEpoch(): bigint | null;
    /** Gas of the last claim that the chain executed; null when there was none. */
    lastClaimGasMist(): bigint | null;
  };
  stacks: {
    /** Adds a stack when it is new; what is known already stays. */
    add(stack: NewStack): void;
    get(stackSmallId: bigint): StackRow | null;
    /** Those whose money is on the way, and the newest `finishedLimit` others; oldest first. */
    list(nodeSmallId: bigint, finishedLimit: number): StackRow[];
    /** How many stacks one claim paid. */
    claimedBy(digest: string): number;
    /** Stacks whose money is still on the way. */
    unfinished(nodeSmallId: bigint): StackRow[];
    setState(stackSmallId: bigint, state: StackState, digests?: { settleDigest?: string; claimDigest?: string }): void;
    setError(stackSmallId: bigint, error: { code: string; message: string; attempts: number; notBeforeMs: number } | null): void;
  };
  tickets: { put(ticket: Omit<TicketRow, 'updatedMs'>): void; get(stackSmallId: bigint): TicketRow | null };
  ledger: {
    /** Adds what is not there yet; tells how many were new. */
    add(rows: readonly LedgerRow[]): number;
    list(limit: number, before: string | null): LedgerRow[];
    totals(): LedgerTotal[];
    /** Gas of one transaction, or null when it is not booked. */
    gasOf(digest: string): bigint | null;
    /** Gas in MIST, net of rebates, by local day and task from the day of `sinceMs` on. */
    gasDays(sinceMs: number, coinType: string): { dayMs: number; taskSmallId: bigint | null; gasMist: bigint }[];
  };
  cursor: { get(name: string): string | null; set(name: string, cursor: string): void };
  parked: { list(): ParkedSubscription[]; put(parked: ParkedSubscription): void; remove(taskSmallId: bigint): void };
  earnings: {
    /** By quarter of an hour and stack, from `sinceMs` on. */
    quarters(sinceMs: number): EarnedRow[];
    /** By local day, from the day of `sinceMs` on. */
    days(sinceMs: number): EarnedDay[];
    /** By price, over all days before the one of `untilMs`. */
    before(untilMs: number): EarnedSum[];
    /** Acknowledged units of a stack. */
    unitsOf(stackSmallId: bigint): bigint;
  };
};
