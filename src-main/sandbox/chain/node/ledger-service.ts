/** LedgerService: service info, objects, transactions, checkpoints, epochs, and the lists by cursor (Sui rpc v2). */
import { GrpcTypes as T } from '@mysten/sui/grpc';
import { isValidSuiObjectId, normalizeSuiAddress } from '@mysten/sui/utils';
import { REFERENCE_GAS_PRICE } from '../machine/gas.ts';
import type { ChainCore } from './chain-core.ts';
import { GRPC_STATUS, GrpcError, invalid, notFound } from './grpc-error.ts';
import type { CheckpointRow, EventRow, TransactionRow } from './ledger-rows.ts';
import { stream, unary } from './method.ts';
import type { Methods } from './method.ts';
import { protoObject, timestamp } from './proto-objects.ts';
import {
  collect,
  cursorOf,
  eventMatches,
  eventOf,
  executedOf,
  pageSize,
  scanOf,
  transactionMatches,
} from './queries.ts';
import { applyMask, pathsOf } from './read-mask.ts';

const BATCH = 200;
const PROTOCOL_VERSION = 1n;

const findObject = (core: ChainCore, request: T.GetObjectRequest): T.Object => {
  const id = normalizeSuiAddress(request.objectId ?? '');
  if (!isValidSuiObjectId(id)) throw invalid(`invalid object_id: ${request.objectId ?? ''}`);
  const object = core.state.store.get(id);
  if (!object || (request.version !== undefined && request.version !== object.version)) {
    const version = request.version === undefined ? '' : ` with version ${request.version}`;
    throw notFound(`Object ${id}${version} not found`);
  }
  return protoObject(object);
};

const batchOfObjects = (core: ChainCore, request: T.BatchGetObjectsRequest): T.BatchGetObjectsResponse => {
  const paths = pathsOf(request.readMask, 'object_id,version,digest');
  const objects = request.requests.map((one): T.GetObjectResult => {
    try {
      return { result: { oneofKind: 'object', object: applyMask(T.Object, findObject(core, one), paths) } };
    } catch (error) {
      if (!(error instanceof GrpcError)) throw error;
      return { result: { oneofKind: 'error', error: { code: error.code, message: error.message, details: [] } } };
    }
  });
  return { objects };
};

const findTransaction = (core: ChainCore, digest: string | undefined): T.ExecutedTransaction => {
  const row = core.ledger.transaction(digest ?? '');
  if (!row) throw notFound(`Transaction ${digest ?? ''} not found`);
  return executedOf(row);
};

/** A checkpoint with its transactions. */
export const checkpointOf = (row: CheckpointRow, transactions: readonly T.ExecutedTransaction[]): T.Checkpoint =>
  T.Checkpoint.create({
    sequenceNumber: row.sequence,
    digest: row.digest,
    summary: {
      digest: row.digest,
      epoch: row.epoch,
      sequenceNumber: row.sequence,
      totalNetworkTransactions: row.totalTransactions,
      ...(row.previousDigest === null ? {} : { previousDigest: row.previousDigest }),
      timestamp: timestamp(row.timestampMs),
    },
    transactions: [...transactions],
  });

const findCheckpoint = (core: ChainCore, { checkpointId }: T.GetCheckpointRequest): T.Checkpoint => {
  const row =
    checkpointId.oneofKind === 'sequenceNumber'
      ? core.ledger.checkpoint({ sequence: checkpointId.sequenceNumber })
      : checkpointId.oneofKind === 'digest'
        ? core.ledger.checkpoint({ digest: checkpointId.digest })
        : core.ledger.tip();
  if (!row) throw notFound('Checkpoint not found');
  return checkpointOf(row, core.ledger.transactionsOf(row.sequence).map(executedOf));
};

const epochOf = (core: ChainCore, asked: bigint | undefined): T.Epoch => {
  const { epoch } = core.state;
  if (asked !== undefined && asked !== epoch)
    throw notFound(`Epoch ${asked} not found: only the current epoch is kept`);
  const startMs = core.epochStartMs();
  return T.Epoch.create({
    epoch,
    referenceGasPrice: REFERENCE_GAS_PRICE,
    start: timestamp(startMs),
    protocolConfig: { protocolVersion: PROTOCOL_VERSION, featureFlags: {}, attributes: {}, configs: {} },
    systemState: {
      version: 2n,
      epoch,
      protocolVersion: PROTOCOL_VERSION,
      referenceGasPrice: REFERENCE_GAS_PRICE,
      epochStartTimestampMs: BigInt(startMs),
      safeMode: false,
      parameters: {},
      storageFund: {},
      stakeSubsidy: {},
    },
  });
};

type Range = { readonly startCheckpoint?: bigint; readonly endCheckpoint?: bigint };
const inRange = (checkpoint: bigint, { startCheckpoint, endCheckpoint }: Range): boolean =>
  checkpoint >= (startCheckpoint ?? 0n) && (endCheckpoint === undefined || checkpoint < endCheckpoint);

const endFrame = (full: boolean, seen: bigint | null) => ({
  ...(seen === null ? {} : { watermark: { cursor: cursorOf(seen) } }),
  end: { reason: full ? T.QueryEndReason.ITEM_LIMIT : T.QueryEndReason.LEDGER_TIP },
});

const listEvents = (
  core: ChainCore,
  request: T.ListEventsRequest,
  push: (frame: T.ListEventsResponse) => void,
): void => {
  const paths = pathsOf(request.readMask, '*');
  const matches = (row: EventRow): boolean => inRange(row.checkpoint, request) && eventMatches(request.filter, row);
  const scan = scanOf(request.options, BATCH);
  const { rows, full, seen } = collect(scan, core.ledger.scanEvents, matches, pageSize(request.options?.limit));
  for (const row of rows) {
    const event = applyMask(T.Event, eventOf(row), paths);
    push({ event, watermark: { cursor: cursorOf(row.position), checkpoint: row.checkpoint } });
  }
  push(endFrame(full, seen));
};

const listTransactions = (
  core: ChainCore,
  request: T.ListTransactionsRequest,
  push: (frame: T.ListTransactionsResponse) => void,
): void => {
  const paths = pathsOf(request.readMask, 'digest');
  const matches = (row: TransactionRow): boolean =>
    inRange(row.checkpoint, request) && transactionMatches(request.filter, executedOf(row));
  const scan = scanOf(request.options, BATCH);
  const { rows, full, seen } = collect(scan, core.ledger.scanTransactions, matches, pageSize(request.options?.limit));
  for (const row of rows) {
    const transaction = applyMask(T.ExecutedTransaction, executedOf(row), paths);
    push({ transaction, watermark: { cursor: cursorOf(row.position), checkpoint: row.checkpoint } });
  }
  push(endFrame(full, seen));
};

const nothing = (): void => undefined;

/** The service's methods. */
export const ledgerService = (core: ChainCore): Methods => ({
  'sui.rpc.v2.LedgerService/GetServiceInfo': unary(T.GetServiceInfoRequest, T.GetServiceInfoResponse, () => ({
    chainId: core.chainId,
    chain: 'sandbox',
    epoch: core.state.epoch,
    checkpointHeight: core.ledger.tip()?.sequence ?? 0n,
    timestamp: timestamp(core.ledger.tip()?.timestampMs ?? core.now()),
    lowestAvailableCheckpoint: 0n,
    lowestAvailableCheckpointObjects: core.ledger.tip()?.sequence ?? 0n,
    server: 'sandbox',
  })),
  'sui.rpc.v2.LedgerService/GetObject': unary(T.GetObjectRequest, T.GetObjectResponse, (request) => ({
    object: applyMask(T.Object, findObject(core, request), pathsOf(request.readMask, 'object_id,version,digest')),
  })),
  'sui.rpc.v2.LedgerService/BatchGetObjects': unary(T.BatchGetObjectsRequest, T.BatchGetObjectsResponse, (request) =>
    batchOfObjects(core, request),
  ),
  'sui.rpc.v2.LedgerService/GetTransaction': unary(T.GetTransactionRequest, T.GetTransactionResponse, (request) => ({
    transaction: applyMask(
      T.ExecutedTransaction,
      findTransaction(core, request.digest),
      pathsOf(request.readMask, 'digest'),
    ),
  })),
  'sui.rpc.v2.LedgerService/BatchGetTransactions': unary(
    T.BatchGetTransactionsRequest,
    T.BatchGetTransactionsResponse,
    ({ digests, readMask }) => ({
      transactions: digests.map((digest): T.GetTransactionResult => {
        const row = core.ledger.transaction(digest);
        if (!row) {
          const error = { code: GRPC_STATUS.notFound, message: `Transaction ${digest} not found`, details: [] };
          return { result: { oneofKind: 'error', error } };
        }
        const transaction = applyMask(T.ExecutedTransaction, executedOf(row), pathsOf(readMask, 'digest'));
        return { result: { oneofKind: 'transaction', transaction } };
      }),
    }),
  ),
  'sui.rpc.v2.LedgerService/GetCheckpoint': unary(T.GetCheckpointRequest, T.GetCheckpointResponse, (request) => ({
    checkpoint: applyMask(
      T.Checkpoint,
      findCheckpoint(core, request),
      pathsOf(request.readMask, 'sequence_number,digest'),
    ),
  })),
  'sui.rpc.v2.LedgerService/GetEpoch': unary(T.GetEpochRequest, T.GetEpochResponse, (request) => ({
    epoch: applyMask(T.Epoch, epochOf(core, request.epoch), pathsOf(request.readMask, 'epoch')),
  })),
  'sui.rpc.v2.LedgerService/ListEvents': stream(T.ListEventsRequest, T.ListEventsResponse, (request, push, done) => {
    listEvents(core, request, push);
    done();
    return nothing;
  }),
  'sui.rpc.v2.LedgerService/ListTransactions': stream(
    T.ListTransactionsRequest,
    T.ListTransactionsResponse,
    (request, push, done) => {
      listTransactions(core, request, push);
      done();
      return nothing;
    },
  ),
});
