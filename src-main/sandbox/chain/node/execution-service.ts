/** TransactionExecutionService: execute and simulate (Sui rpc v2). */
import { GrpcTypes as T } from '@mysten/sui/grpc';
import type { ChainCore } from './chain-core.ts';
import { invalid } from './grpc-error.ts';
import { unary } from './method.ts';
import type { Methods } from './method.ts';
import { applyMask, pathsOf } from './read-mask.ts';
import { simulate } from './simulate.ts';

const executeRequest = async (
  core: ChainCore,
  request: T.ExecuteTransactionRequest,
): Promise<T.ExecuteTransactionResponse> => {
  const bytes = request.transaction?.bcs?.value;
  if (!bytes) throw invalid('The transaction must be given as BCS bytes');
  const signatures = request.signatures.map((signature) => Buffer.from(signature.bcs?.value ?? []).toString('base64'));
  const executed = await core.submit(bytes, signatures);
  const paths = pathsOf(request.readMask, 'effects.status,checkpoint');
  return { transaction: applyMask(T.ExecutedTransaction, executed, paths) };
};

/** The service's methods. */
export const executionService = (core: ChainCore): Methods => ({
  'sui.rpc.v2.TransactionExecutionService/ExecuteTransaction': unary(
    T.ExecuteTransactionRequest,
    T.ExecuteTransactionResponse,
    (request) => executeRequest(core, request),
  ),
  'sui.rpc.v2.TransactionExecutionService/SimulateTransaction': unary(
    T.SimulateTransactionRequest,
    T.SimulateTransactionResponse,
    (request) => applyMask(T.SimulateTransactionResponse, simulate(core, request), pathsOf(request.readMask, '*')),
  ),
});
