/** Turns one executed transaction of the wallet into ledger entries, from its final effects and events alone (architecture.md, main job step 9). */
import type { ChargeSettings, Contract } from '../../src-shared/atoma/index.ts';
import type { Intent } from '../../src-shared/bridge/intents.ts';
import type { LedgerEntry } from '../../src-shared/bridge/views.ts';
import { unitsValue } from './stack-value.ts';

/** One line of the ledger before it is shown; unique on (digest, eventIndex). Amounts in base units of `coinType`, below zero for what was paid. */
export type LedgerRow = Pick<LedgerEntry, 'kind' | 'digest' | 'eventIndex' | 'atMs' | 'epoch' | 'stackSmallId' | 'taskSmallId' | 'amount'> & {
  readonly coinType: string;
};

/** A transaction that was executed, as any full node reports it. */
export type ExecutedTransaction = {
  readonly digest: string;
  readonly success: boolean;
  readonly epoch: bigint;
  /** Time of its checkpoint, or of the answer while it has none. */
  readonly atMs: number;
  /** Gas paid, net of the rebate; below zero when the rebate was larger. */
  readonly gasMist: bigint;
  /** Changes of this wallet's balances, gas included in SUI's. */
  readonly balanceChanges: readonly { readonly coinType: string; readonly amount: bigint }[];
  /** Events of the contract in their order; `index` is the position among all events of the transaction. */
  readonly events: readonly { readonly index: number; readonly name: string; readonly contents: Uint8Array }[];
};

/** What the entries need to know besides the transaction. */
export type LedgerContext = {
  /** What was asked for; null when it is not one of ours (then gas alone is booked). */
  readonly intent: Intent | null;
  readonly contract: Pick<Contract, 'events' | 'money'>;
  readonly suiType: string;
  readonly coinType: string;
  readonly settings: ChargeSettings;
  stack(stackSmallId: bigint): { readonly taskSmallId: bigint; readonly price: bigint; readonly samplingConsensus: boolean } | null;
  /** Collateral of the node before it was destroyed; null when unknown. */
  readonly collateralBefore: bigint | null;
};

/** Indices of entries that stand for no event; the first event of a transaction has 0. */
export const gasEntryIndex = -1;
const noEventIndex = { collateral: -2, collateral_returned: -2, faucet: -2, transfer: -2, fee: -3, claim: -4 } as const;

type Part = Pick<LedgerRow, 'kind' | 'amount' | 'coinType'> & Partial<Pick<LedgerRow, 'eventIndex' | 'stackSmallId' | 'taskSmallId'>>;

/** The entries of `tx`: gas always, the rest by what was asked for; a failed transaction has gas only. */
export function entriesFrom(tx: ExecutedTransaction, context: LedgerContext): LedgerRow[] {
  const gas: Part = { kind: 'gas', amount: -tx.gasMist, coinType: context.suiType, eventIndex: gasEntryIndex };
  const parts = tx.success && context.intent !== null ? partsOf(tx, context.intent, context) : [];
  return [gas, ...parts.filter((part) => part.amount !== 0n || part.kind === 'claim')].map((part) => ({
    digest: tx.digest,
    eventIndex: part.eventIndex ?? noEventIndex[part.kind === 'gas' ? 'transfer' : part.kind],
    kind: part.kind,
    atMs: tx.atMs,
    epoch: tx.epoch,
    stackSmallId: part.stackSmallId ?? null,
    taskSmallId: part.taskSmallId ?? null,
    amount: part.amount,
    coinType: part.coinType,
  }));
}

const changeOf = (tx: ExecutedTransaction, coinType: string): bigint =>
  tx.balanceChanges.filter((change) => change.coinType === coinType).reduce((sum, change) => sum + change.amount, 0n);

function partsOf(tx: ExecutedTransaction, intent: Intent, context: LedgerContext): Part[] {
  const change = changeOf(tx, context.coinType);
  const { coinType } = context;
  switch (intent.kind) {
    case 'faucet':
      return [{ kind: 'faucet', amount: change, coinType }];
    case 'register':
      return [{ kind: 'collateral', amount: change, coinType }];
    case 'destroy': {
      const collateral = context.collateralBefore !== null && context.collateralBefore < change ? context.collateralBefore : change;
      return [
        { kind: 'collateral_returned', amount: collateral, coinType },
        { kind: 'fee', amount: change - collateral, coinType },
      ];
    }
    case 'claim':
    case 'claim_direct':
      return claimParts(tx, change, context);
    case 'withdraw_fees':
      return [{ kind: 'fee', amount: change, coinType }];
    case 'buy_stack':
      return [{ kind: 'transfer', amount: change, coinType, taskSmallId: intent.taskSmallId }];
    case 'transfer':
      return intent.coin === 'SUI'
        ? [{ kind: 'transfer', amount: changeOf(tx, context.suiType) + tx.gasMist, coinType: context.suiType }]
        : [{ kind: 'transfer', amount: change, coinType }];
    case 'subscribe':
    case 'update_subscription':
    case 'unsubscribe':
    case 'settle':
    case 'disable':
    case 'rotate_key':
    case 'attest':
    case 'dispute':
    case 'create_task':
    case 'deprecate_task':
    case 'remove_task':
      return [];
  }
}

/** Both events of a claim begin with the same fields for what is needed here. */
const claimEvents = ['StackSettlementTicketClaimedEvent', 'ClaimedStackEvent'] as const;

/** One entry per claimed stack; what came in above their sum is attestation fees, which the same call withdraws (protocol.md 2.3). */
function claimParts(tx: ExecutedTransaction, received: bigint, context: LedgerContext): Part[] {
  const claims = tx.events.flatMap((event) => {
      const name = claimEvents.find((one) => one === event.name);
      if (name === undefined) return [];
      const fields = context.contract.events[name].parse(event.contents);
      const stack = context.stack(fields.stackSmallId);
      return [{ index: event.index, stackSmallId: fields.stackSmallId, stack, amount: stack && unitsValue(stack, fields.numClaimedComputeUnits, context.contract, context.settings) }];
    });
  const known = claims.reduce((sum, claim) => sum + (claim.amount ?? 0n), 0n);
  const unknown = claims.filter((claim) => claim.amount === null);
  // The wallet's balance is the truth: what cannot be told apart is booked as one sum, never guessed.
  if (known > received || unknown.length > 1) return [{ kind: 'claim', amount: received, coinType: context.coinType }];
  const parts: Part[] = claims.map((claim) => ({
    kind: 'claim',
    amount: claim.amount ?? received - known,
    coinType: context.coinType,
    eventIndex: claim.index,
    stackSmallId: claim.stackSmallId,
    taskSmallId: claim.stack?.taskSmallId ?? null,
  }));
  const fees = unknown.length === 1 ? 0n : received - known;
  return [...parts, { kind: 'fee', amount: fees, coinType: context.coinType }];
}
