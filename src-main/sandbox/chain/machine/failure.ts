/** Why an executed transaction failed, in the platform's BCS form and in the protobuf ExecutionStatus (Sui effects, rpc v2). */
import { GrpcTypes as T } from '@mysten/sui/grpc';

/** Reasons without further detail; names are those of the platform. */
export type PlainFailure =
  | 'InsufficientGas'
  | 'InsufficientCoinBalance'
  | 'CoinBalanceOverflow'
  | 'FunctionNotFound'
  | 'ArityMismatch'
  | 'TypeArityMismatch'
  | 'FeatureNotYetSupported'
  | 'InvalidTransferObject';

/** Reasons tied to one argument of a command. */
export type ArgumentFailure =
  | 'TypeMismatch'
  | 'InvalidBCSBytes'
  | 'InvalidUsageOfPureArg'
  | 'IndexOutOfBounds'
  | 'InvalidGasCoinUsage'
  | 'InvalidValueUsage'
  | 'InvalidObjectByValue'
  | 'InvalidObjectByMutRef';

/** A Move function as the status names it. */
export interface MovePlace {
  readonly packageId: string;
  readonly module: string;
  readonly functionName: string;
}

/** What went wrong while a command ran. */
export type Failure =
  | { readonly kind: 'abort'; readonly place: MovePlace; readonly code: bigint }
  | { readonly kind: 'arithmetic'; readonly place: MovePlace }
  | { readonly kind: 'plain'; readonly name: PlainFailure }
  | { readonly kind: 'argument'; readonly index: number; readonly reason: ArgumentFailure }
  | { readonly kind: 'typeArgument'; readonly index: number }
  | { readonly kind: 'unused'; readonly result: number; readonly subresult: number };

/** Outcome of a transaction's commands. `command` is null when no single command is to blame. */
export type Status =
  { readonly success: true } | { readonly success: false; readonly failure: Failure; readonly command: number | null };

/** Carries a failure out of a command. */
export class CommandFailure extends Error {
  readonly failure: Failure;
  constructor(failure: Failure) {
    super(`command failed: ${failure.kind}`);
    this.failure = failure;
  }
}

/** Fails the running command. */
export const fail = (failure: Failure): never => {
  throw new CommandFailure(failure);
};

const moveLocation = (place: MovePlace) => ({
  module: { address: place.packageId, name: place.module },
  function: 0,
  instruction: 0,
  functionName: place.functionName,
});

const failureToBcs = (failure: Failure) => {
  switch (failure.kind) {
    case 'abort':
      return { MoveAbort: [moveLocation(failure.place), failure.code] as const };
    case 'arithmetic':
      return { MovePrimitiveRuntimeError: moveLocation(failure.place) };
    case 'plain':
      return { [failure.name]: true };
    case 'argument': {
      const kind =
        failure.reason === 'IndexOutOfBounds'
          ? { IndexOutOfBounds: { idx: failure.index } }
          : { [failure.reason]: true };
      return { CommandArgumentError: { argIdx: failure.index, kind } };
    }
    case 'typeArgument':
      return { TypeArgumentError: { argumentIdx: failure.index, kind: { TypeNotFound: true } } };
    case 'unused':
      return { UnusedValueWithoutDrop: { resultIdx: failure.result, secondaryIdx: failure.subresult } };
  }
};

/** The status as effects hold it, in the input shape of the SDK's BCS. */
export const statusToBcs = (status: Status): object =>
  status.success ? { Success: true } : { Failure: { error: failureToBcs(status.failure), command: status.command } };

const kinds = T.ExecutionError_ExecutionErrorKind;
const plainKinds: Readonly<Record<PlainFailure, number>> = {
  InsufficientGas: kinds.INSUFFICIENT_GAS,
  InsufficientCoinBalance: kinds.INSUFFICIENT_COIN_BALANCE,
  CoinBalanceOverflow: kinds.COIN_BALANCE_OVERFLOW,
  FunctionNotFound: kinds.FUNCTION_NOT_FOUND,
  ArityMismatch: kinds.ARITY_MISMATCH,
  TypeArityMismatch: kinds.TYPE_ARITY_MISMATCH,
  FeatureNotYetSupported: kinds.FEATURE_NOT_YET_SUPPORTED,
  InvalidTransferObject: kinds.INVALID_TRANSFER_OBJECT,
};
const argumentKind = T.CommandArgumentError_CommandArgumentErrorKind;
const argumentKinds: Readonly<Record<ArgumentFailure, number>> = {
  TypeMismatch: argumentKind.TYPE_MISMATCH,
  InvalidBCSBytes: argumentKind.INVALID_BCS_BYTES,
  InvalidUsageOfPureArg: argumentKind.INVALID_USAGE_OF_PURE_ARGUMENT,
  IndexOutOfBounds: argumentKind.INDEX_OUT_OF_BOUNDS,
  InvalidGasCoinUsage: argumentKind.INVALID_GAS_COIN_USAGE,
  InvalidValueUsage: argumentKind.INVALID_VALUE_USAGE,
  InvalidObjectByValue: argumentKind.INVALID_OBJECT_BY_VALUE,
  InvalidObjectByMutRef: argumentKind.INVALID_OBJECT_BY_MUT_REF,
};

const location = (place: MovePlace) => ({
  package: place.packageId,
  module: place.module,
  function: 0,
  instruction: 0,
  functionName: place.functionName,
});

const describe = (failure: Failure): string => {
  switch (failure.kind) {
    case 'abort':
      return `MoveAbort(${failure.place.packageId}::${failure.place.module}::${failure.place.functionName}, ${failure.code})`;
    case 'arithmetic':
      return `MovePrimitiveRuntimeError(${failure.place.packageId}::${failure.place.module}::${failure.place.functionName}): arithmetic error`;
    case 'plain':
      return failure.name;
    case 'argument':
      return `CommandArgumentError { arg_idx: ${failure.index}, kind: ${failure.reason} }`;
    case 'typeArgument':
      return `TypeArgumentError { argument_idx: ${failure.index}, kind: TypeNotFound }`;
    case 'unused':
      return `UnusedValueWithoutDrop { result_idx: ${failure.result}, secondary_idx: ${failure.subresult} }`;
  }
};

const details = (failure: Failure): Pick<T.ExecutionError, 'kind' | 'errorDetails'> => {
  switch (failure.kind) {
    case 'abort':
      return {
        kind: kinds.MOVE_ABORT,
        errorDetails: { oneofKind: 'abort', abort: { abortCode: failure.code, location: location(failure.place) } },
      };
    case 'arithmetic':
      return {
        kind: kinds.MOVE_PRIMITIVE_RUNTIME_ERROR,
        errorDetails: { oneofKind: 'abort', abort: { location: location(failure.place) } },
      };
    case 'plain':
      return { kind: plainKinds[failure.name], errorDetails: { oneofKind: undefined } };
    case 'argument':
      return {
        kind: kinds.COMMAND_ARGUMENT_ERROR,
        errorDetails: {
          oneofKind: 'commandArgumentError',
          commandArgumentError: { argument: failure.index, kind: argumentKinds[failure.reason] },
        },
      };
    case 'typeArgument':
      return {
        kind: kinds.TYPE_ARGUMENT_ERROR,
        errorDetails: {
          oneofKind: 'typeArgumentError',
          typeArgumentError: {
            typeArgument: failure.index,
            kind: T.TypeArgumentError_TypeArgumentErrorKind.TYPE_NOT_FOUND,
          },
        },
      };
    case 'unused':
      return {
        kind: kinds.UNUSED_VALUE_WITHOUT_DROP,
        errorDetails: { oneofKind: 'indexError', indexError: { index: failure.result, subresult: failure.subresult } },
      };
  }
};

/** The status as the protobuf answers hold it. */
export const statusToProto = (status: Status): T.ExecutionStatus => {
  if (status.success) return { success: true };
  const command = status.command === null ? {} : { command: BigInt(status.command) };
  return { success: false, error: { description: describe(status.failure), ...command, ...details(status.failure) } };
};
