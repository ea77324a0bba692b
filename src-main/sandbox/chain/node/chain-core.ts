/** The chain without its network side: accepts transactions one at a time, commits each before answering, counts epochs, tells listeners. */
import { GrpcTypes as T } from '@mysten/sui/grpc';
import { TransactionDataBuilder } from '@mysten/sui/transactions';
import type { Logger } from '../../../log/logger.ts';
import type { ChainNotice } from '../chain-api.ts';
import { refusalOf, sizeProblem } from '../machine/admission.ts';
import { execute } from '../machine/execution.ts';
import type { ChainState, Execution } from '../machine/execution.ts';
import { createObjectStore } from '../machine/object-store.ts';
import { readWorld } from '../machine/read-world.ts';
import { signatureProblem } from '../machine/signatures.ts';
import { decodeTransaction } from '../machine/transaction-data.ts';
import type { Decoded } from '../machine/transaction-data.ts';
import type { Draws } from '../rules/index.ts';
import { deploymentOf, generationOf } from './genesis.ts';
import { invalid } from './grpc-error.ts';
import type { CheckpointRow } from './ledger-rows.ts';
import type { Ledger } from './ledger.ts';
import { protoExecuted } from './proto-executed.ts';

/** A checkpoint that has just been committed, with its transaction if it has one. */
export interface Committed {
  readonly checkpoint: CheckpointRow;
  readonly executed: T.ExecutedTransaction | null;
}

/** The chain's inner interface, used by the services and the factory. */
export interface ChainCore {
  readonly chainId: string;
  readonly state: ChainState;
  readonly ledger: Ledger;
  readonly draws: Draws;
  readonly now: () => number;
  /** Checks, executes and commits; the same bytes again give the stored answer. Throws GrpcError when refused. */
  submit(bytes: Uint8Array, signatures: readonly string[]): Promise<T.ExecutedTransaction>;
  /** Executes and commits without asking for signatures or admission: for filling a chain for a bench from inside. */
  submitUnsigned(bytes: Uint8Array): Execution;
  advanceEpoch(count: number): void;
  /** When the current epoch began, in milliseconds. */
  epochStartMs(): number;
  onCommit(listener: (committed: Committed) => void): () => void;
  onNotice(listener: (notice: ChainNotice) => void): () => void;
}

/** Draws of the shared randomness out of 32-byte blocks of random bytes. */
export const drawsFrom = (random: () => Uint8Array): Draws => {
  const u64 = (): bigint => new DataView(Uint8Array.from(random()).buffer).getBigUint64(0, true);
  return {
    pick: (candidates) => Number(u64() % BigInt(candidates.length)),
    permille: () => (u64() % 1_000n) + 1n,
    nonce: u64,
  };
};

/** A set of callbacks; a throwing one is reported and does not disturb the others. */
const listeners = <A>(log: Logger) => {
  const all = new Set<(argument: A) => void>();
  return {
    add: (listener: (argument: A) => void) => {
      all.add(listener);
      return () => void all.delete(listener);
    },
    any: () => all.size > 0,
    tell: (argument: A) => {
      for (const listener of all) {
        try {
          listener(argument);
        } catch (error) {
          log.error('sandbox.listener_failed', { error: String(error) });
        }
      }
    },
  };
};

/** Opens a chain over its record; the record must hold a genesis. */
export function createChainCore(
  ledger: Ledger,
  deps: { readonly now: () => number; readonly random: () => Uint8Array; readonly log: Logger; readonly draws?: Draws },
): ChainCore {
  const chainId = ledger.meta('chain_id');
  if (chainId === null) throw new Error('the ledger has no genesis');
  const deployment = deploymentOf(chainId, generationOf(ledger));
  const store = createObjectStore(ledger.objects());
  const epoch = ledger.tip()?.epoch ?? 0n;
  const epochStartMs = BigInt(ledger.meta('epoch_start_ms') ?? 0);
  const state: ChainState = { store, deployment, epoch, epochStartMs, ...readWorld(store, deployment) };
  const draws = deps.draws ?? drawsFrom(deps.random);
  const commits = listeners<Committed>(deps.log);
  const notices = listeners<ChainNotice>(deps.log);

  const stored = (digest: string): T.ExecutedTransaction | null => {
    const row = ledger.transaction(digest);
    return row && T.ExecutedTransaction.fromBinary(row.executed);
  };
  const adopt = (execution: Execution): void => {
    for (const { id, after } of execution.changes) {
      if (after) store.put(after);
      else store.remove(id);
    }
    state.world = execution.world;
    state.index = execution.index;
  };
  const announce = (execution: Execution, checkpoint: bigint): void => {
    notices.tell({ kind: 'transaction', digest: execution.digest, checkpoint, success: execution.status.success });
    execution.events.forEach((event, eventIndex) =>
      notices.tell({
        kind: 'event',
        digest: execution.digest,
        eventIndex,
        type: event.type,
        sender: event.sender,
        contents: event.contents,
      }),
    );
  };
  const commit = (
    decoded: Decoded,
    bytes: Uint8Array,
    digest: string,
    signatures: readonly string[],
  ): { readonly execution: Execution; readonly executed: Uint8Array } => {
    const timestampMs = deps.now();
    const execution = execute(state, decoded, digest, draws);
    const tx = { decoded, bytes, signatures };
    const { checkpoint, executed } = ledger.append({
      digest,
      sender: decoded.data.sender,
      epoch: state.epoch,
      timestampMs,
      changes: execution.changes,
      events: execution.events,
      executed: (sequence) =>
        T.ExecutedTransaction.toBinary(protoExecuted(tx, execution, { checkpoint: sequence, timestampMs })),
    });
    adopt(execution);
    if (commits.any()) commits.tell({ checkpoint, executed: T.ExecutedTransaction.fromBinary(executed) });
    announce(execution, checkpoint.sequence);
    deps.log.debug('sandbox.transaction', {
      digest,
      checkpoint: String(checkpoint.sequence),
      success: execution.status.success,
    });
    return { execution, executed };
  };
  const decode = (bytes: Uint8Array): Decoded => {
    const decoded = decodeTransaction(bytes);
    if (!decoded) throw invalid('Transaction bytes do not decode to a programmable transaction');
    return decoded;
  };
  const admit = (decoded: Decoded, byteLength: number): void => {
    const facts = { chainId, nowMs: deps.now(), checkGas: true, checkOwners: true };
    const refusal = sizeProblem(decoded, byteLength) ?? refusalOf(state, decoded, facts);
    if (refusal !== null) throw invalid(refusal);
  };

  return {
    chainId,
    state,
    ledger,
    draws,
    now: deps.now,
    submit: async (bytes, signatures) => {
      const decoded = decode(bytes);
      const digest = TransactionDataBuilder.getDigestFromBytes(bytes);
      const unsigned = await signatureProblem(bytes, decoded.data, signatures);
      if (unsigned !== null) throw invalid(unsigned);
      // From here on nothing waits, so no other transaction can come in between check and commit.
      const known = stored(digest);
      if (known) return known;
      admit(decoded, bytes.length);
      return T.ExecutedTransaction.fromBinary(commit(decoded, bytes, digest, signatures).executed);
    },
    submitUnsigned: (bytes) => {
      const digest = TransactionDataBuilder.getDigestFromBytes(bytes);
      return commit(decode(bytes), bytes, digest, []).execution;
    },
    advanceEpoch: (count) => {
      const timestampMs = deps.now();
      for (let i = 0; i < count; i += 1) {
        const next = state.epoch + 1n;
        const checkpoint = ledger.atomically(() => {
          ledger.setMeta('epoch_start_ms', String(timestampMs));
          return ledger.appendCheckpoint(next, timestampMs);
        });
        state.epoch = next;
        state.epochStartMs = BigInt(timestampMs);
        commits.tell({ checkpoint, executed: null });
        notices.tell({ kind: 'epoch', epoch: next });
      }
    },
    epochStartMs: () => Number(state.epochStartMs),
    onCommit: commits.add,
    onNotice: notices.add,
  };
}
