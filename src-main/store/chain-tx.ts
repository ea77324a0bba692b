/** Transactions of the wallet's lane: stored before they are submitted, ended once (architecture.md, "Chain"). */
import { z } from 'zod';
import { intentSchema } from '../../src-shared/bridge/intents.ts';
import { bigintColumn, safeJson } from './chain-columns.ts';
import { plainInteger, unsignedInteger } from './columns.ts';
import type { Store } from './open.ts';

const status = z.enum(['pending', 'success', 'failed', 'refused', 'expired']);
const row = z
  .object({
    digest: z.string(),
    wallet: z.string(),
    intent: z.string().transform(safeJson).pipe(intentSchema),
    origin: z.enum(['operator', 'policy']),
    bytes: z.instanceof(Uint8Array),
    signature: z.string(),
    expires_after_epoch: unsignedInteger,
    status,
    attempts: plainInteger,
    not_before_ms: plainInteger,
    error_code: z.string().nullable(),
    error_message: z.string().nullable(),
    gas_mist: bigintColumn.nullable(),
    effects: z.instanceof(Uint8Array).nullable(),
    executed_epoch: unsignedInteger.nullable(),
    created_ms: plainInteger,
    finished_ms: plainInteger.nullable(),
  })
  .transform((columns) => ({
    digest: columns.digest,
    wallet: columns.wallet,
    intent: columns.intent,
    origin: columns.origin,
    bytes: columns.bytes,
    signature: columns.signature,
    expiresAfterEpoch: columns.expires_after_epoch,
    status: columns.status,
    attempts: columns.attempts,
    notBeforeMs: columns.not_before_ms,
    errorCode: columns.error_code,
    errorMessage: columns.error_message,
    gasMist: columns.gas_mist,
    effects: columns.effects,
    executedEpoch: columns.executed_epoch,
    createdMs: columns.created_ms,
    finishedMs: columns.finished_ms,
  }));

/** A transaction row. */
export type ChainTxRow = z.output<typeof row>;
type NewTx = Pick<ChainTxRow, 'digest' | 'wallet' | 'intent' | 'origin' | 'bytes' | 'signature' | 'expiresAfterEpoch'>;
type End = Pick<ChainTxRow, 'errorCode' | 'errorMessage' | 'gasMist' | 'effects' | 'executedEpoch'> & {
  status: Exclude<z.output<typeof status>, 'pending'>;
};

const source = { table: 'chain_tx', id: ['digest'] } as const;
const claimGasSchema = z.object({ gas_mist: bigintColumn.nullable() });
const claimEpochSchema = z.object({ epoch: z.bigint().nullable() });

/** Transactions of an open store. */
export function createChainTxTable(store: Store) {
  const { db } = store;
  return {
    /** Stores a transaction as pending; its bytes and digest are durable before anything is submitted. */
    add(tx: NewTx): void {
      db.run(
        `INSERT INTO chain_tx (digest, wallet, intent, kind, origin, bytes, signature, expires_after_epoch, status, created_ms)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, 'pending', ?)`,
        tx.digest, tx.wallet, z.encode(intentText, tx.intent), tx.intent.kind, tx.origin, tx.bytes, tx.signature, tx.expiresAfterEpoch, BigInt(store.now()),
      );
      store.announce('chain');
    },
    /** What may have been submitted and has no end yet, oldest first. */
    pending: (wallet: string): ChainTxRow[] =>
      store.readAll(source, row, "SELECT * FROM chain_tx WHERE status = 'pending' AND wallet = ? ORDER BY created_ms", wallet),
    find: (digest: string): ChainTxRow | null => store.readOne(source, row, 'SELECT * FROM chain_tx WHERE digest = ?', digest),
    /** Counts an attempt and says when the next may follow. */
    postpone(digest: string, attempts: number, notBeforeMs: number, error: { code: string; message: string } | null): void {
      db.run(
        'UPDATE chain_tx SET attempts = ?, not_before_ms = ?, error_code = ?, error_message = ? WHERE digest = ?',
        BigInt(attempts), BigInt(notBeforeMs), error?.code ?? null, error?.message ?? null, digest,
      );
    },
    /** Ends a pending transaction; one that has an end keeps it. */
    finish(digest: string, end: End): void {
      db.run(
        `UPDATE chain_tx SET status = ?, error_code = ?, error_message = ?, gas_mist = ?, effects = ?, executed_epoch = ?, finished_ms = ?
         WHERE digest = ? AND status = 'pending'`,
        end.status, end.errorCode, end.errorMessage, end.gasMist?.toString() ?? null, end.effects, end.executedEpoch, BigInt(store.now()), digest,
      );
      store.announce('chain');
    },
    /** Epoch of the last successful claim made by policy; null when there was none. */
    lastPolicyClaimEpoch(): bigint | null {
      const found = db.get("SELECT max(executed_epoch) AS epoch FROM chain_tx WHERE kind = 'claim' AND status = 'success' AND origin = 'policy'");
      return claimEpochSchema.parse(found).epoch;
    },
    /** Gas of the last claim that the chain executed, in mist; null when there was none. */
    lastClaimGasMist(): bigint | null {
      const found = db.get("SELECT gas_mist FROM chain_tx WHERE kind = 'claim' AND status = 'success' ORDER BY finished_ms DESC, rowid DESC LIMIT 1");
      return found === null ? null : claimGasSchema.parse(found).gas_mist;
    },
  };
}

const intentText = z.codec(z.string(), intentSchema, {
  decode: (text) => safeJson(text) as z.input<typeof intentSchema>,
  encode: (intent) => JSON.stringify(intent),
});

