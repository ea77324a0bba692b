/** LedgerService: service info, objects, transactions, checkpoints, epochs, and the lists by cursor (Sui rpc v2). */
import { GrpcTypes as T } from '@mysten/sui/grpc';
import { isValidSuiObjectId, isValidTransactionDigest, normalizeSuiAddress } from '@mysten/sui/utils';
import { REFERENCE_GAS_PRICE } from '../machine/gas.ts';
import type { IMessageType } from '@protobuf-ts/runtime';
import type { ChainCore } from './chain-core.ts';
import { GRPC_STATUS, GrpcError, invalid, notFound } from './grpc-error.ts';
import type { CheckpointRow, EventRow, TransactionRow } from './ledger-rows.ts';
import type { Scan } from './ledger-scan.ts';
import { stream, unary } from './method.ts';
import type { Methods, StreamMethod } from './method.ts';
import { eventOf, executedOf } from './proto-rows.ts';
import { protoObject, timestamp } from './proto-objects.ts';
import { eventFilter, eventKeys, transactionFilter, transactionKeys } from './filters.ts';
import { listFrames } from './queries.ts';
import type { Frame } from './queries.ts';
import { applyMask, pathsOf } from './read-mask.ts';

const PROTOCOL_VERSION = 1n;
/** As many as a full node takes in one request. */
const MAX_BATCH = 1_000;

const boundedBatch = <R>(requests: readonly R[], what: string): readonly R[] => {
  if (requests.length > MAX_BATCH)
    throw invalid(`number of ${what} ${requests.length} exceeds the limit of ${MAX_BATCH}`);
  return requests;
};

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
  const objects = boundedBatch(request.requests, 'batch requests').map((one): T.GetObjectResult => {
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
  if (digest === undefined || !isValidTransactionDigest(digest)) throw invalid(`invalid digest: ${digest ?? ''}`);
  const row = core.ledger.transaction(digest);
  if (!row) throw notFound(`Transaction ${digest} not found`);
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
  const epoch = asked ?? core.state.epoch;
  const first = core.ledger.epochStart(epoch);
  if (!first) throw notFound(`Epoch ${epoch} not found`);
  const next = core.ledger.epochStart(epoch + 1n);
  return T.Epoch.create({
    epoch,
    referenceGasPrice: REFERENCE_GAS_PRICE,
    firstCheckpoint: first.sequence,
    ...(next ? { lastCheckpoint: next.sequence - 1n, end: timestamp(next.timestampMs) } : {}),
    start: timestamp(first.timestampMs),
    protocolConfig: { protocolVersion: PROTOCOL_VERSION, featureFlags: {}, attributes: {}, configs: {} },
    systemState: {
      version: 2n,
      epoch,
      protocolVersion: PROTOCOL_VERSION,
      referenceGasPrice: REFERENCE_GAS_PRICE,
      epochStartTimestampMs: BigInt(first.timestampMs),
      safeMode: false,
      parameters: {},
      storageFund: {},
      stakeSubsidy: {},
    },
  });
};

/** A frame without its row, in the shape that every list's answer has. */
const marks = <R>({ watermark, end }: Frame<R>): { watermark: T.Watermark; end?: T.QueryEnd } => ({
  watermark,
  ...(end ? { end } : {}),
});

const listEvents = (
  { ledger }: ChainCore,
  request: T.ListEventsRequest,
  push: (frame: T.ListEventsResponse) => void,
): void => {
  const paths = pathsOf(request.readMask, '*');
  const source = { keys: eventKeys(request.filter), read: ledger.scanEvents, matches: eventFilter(request.filter) };
  for (const frame of listFrames<EventRow>(ledger, 'events', request, source)) {
    const event = frame.row && applyMask(T.Event, eventOf(frame.row), paths);
    push({ ...marks(frame), ...(event ? { event } : {}) });
  }
};

const listTransactions = (
  { ledger }: ChainCore,
  request: T.ListTransactionsRequest,
  push: (frame: T.ListTransactionsResponse) => void,
): void => {
  const paths = pathsOf(request.readMask, 'digest');
  const passes = transactionFilter(request.filter);
  const matches = (row: TransactionRow): boolean => !request.filter || passes(executedOf(row));
  const source = { keys: transactionKeys(request.filter), read: ledger.scanTransactions, matches };
  for (const frame of listFrames<TransactionRow>(ledger, 'transactions', request, source)) {
    const transaction = frame.row && applyMask(T.ExecutedTransaction, executedOf(frame.row), paths);
    push({ ...marks(frame), ...(transaction ? { transaction } : {}) });
  }
};

interface PlacedCheckpoint {
  readonly position: bigint;
  readonly checkpoint: bigint;
  readonly row: CheckpointRow;
}

const listCheckpoints = (
  { ledger }: ChainCore,
  request: T.ListCheckpointsRequest,
  push: (frame: T.ListCheckpointsResponse) => void,
): void => {
  const paths = pathsOf(request.readMask, 'sequence_number,digest');
  const passes = transactionFilter(request.filter);
  const inside = (sequence: bigint) => ledger.transactionsOf(sequence).map(executedOf);
  const source = {
    keys: [{ by: 'position' as const }],
    read: (scan: Scan): PlacedCheckpoint[] =>
      ledger.scanCheckpoints(scan).map((row) => ({ position: row.sequence, checkpoint: row.sequence, row })),
    matches: ({ position }: PlacedCheckpoint) => !request.filter || inside(position).some(passes),
  };
  for (const frame of listFrames(ledger, 'checkpoints', request, source)) {
    const checkpoint = frame.row && checkpointOf(frame.row.row, inside(frame.row.position));
    push({ ...marks(frame), ...(checkpoint ? { checkpoint: applyMask(T.Checkpoint, checkpoint, paths) } : {}) });
  }
};

/** A streaming method that says all it has at once. */
const listing = <I extends object, O extends object>(
  input: IMessageType<I>,
  output: IMessageType<O>,
  run: (request: I, push: (frame: O) => void) => void,
): StreamMethod =>
  stream(input, output, (request, push, done) => {
    run(request, push);
    done();
    return () => undefined;
  });

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
      transactions: boundedBatch(digests, 'digests').map((digest): T.GetTransactionResult => {
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
  'sui.rpc.v2.LedgerService/ListCheckpoints': listing(T.ListCheckpointsRequest, T.ListCheckpointsResponse, (...call) =>
    listCheckpoints(core, ...call),
  ),
  'sui.rpc.v2.LedgerService/ListEvents': listing(T.ListEventsRequest, T.ListEventsResponse, (...call) =>
    listEvents(core, ...call),
  ),
  'sui.rpc.v2.LedgerService/ListTransactions': listing(
    T.ListTransactionsRequest,
    T.ListTransactionsResponse,
    (...call) => listTransactions(core, ...call),
  ),
});
