/** Transaction data between the SDK's BCS shapes and protobuf (Sui rpc v2 Transaction). */
import { GrpcTypes as T } from '@mysten/sui/grpc';
import type { bcs } from '@mysten/sui/bcs';
import { normalizeSuiAddress } from '@mysten/sui/utils';
import type { PartialMessage } from '@protobuf-ts/runtime';
import type { Argument, CallArg, Command, Decoded, TransactionV1 } from '../machine/transaction-data.ts';
import { invalid } from './grpc-error.ts';

const argumentKind = T.Argument_ArgumentKind;

const argumentToProto = (argument: Argument): T.Argument => {
  if (argument.$kind === 'GasCoin') return { kind: argumentKind.GAS };
  if (argument.$kind === 'Input') return { kind: argumentKind.INPUT, input: argument.Input };
  if (argument.$kind === 'Result') return { kind: argumentKind.RESULT, result: argument.Result };
  return { kind: argumentKind.RESULT, result: argument.NestedResult[0], subresult: argument.NestedResult[1] };
};

const inputToProto = (input: CallArg): PartialMessage<T.Input> => {
  if (input.Pure)
    return { kind: T.Input_InputKind.PURE, pure: Uint8Array.from(Buffer.from(input.Pure.bytes, 'base64')) };
  const owned = input.Object?.ImmOrOwnedObject;
  if (owned) {
    const { objectId, version, digest } = owned;
    return { kind: T.Input_InputKind.IMMUTABLE_OR_OWNED, objectId, version: BigInt(version), digest };
  }
  const shared = input.Object?.SharedObject;
  if (!shared) throw invalid('This kind of input is not supported by the sandbox');
  return {
    kind: T.Input_InputKind.SHARED,
    objectId: shared.objectId,
    version: BigInt(shared.initialSharedVersion),
    mutable: shared.mutable,
    mutability: shared.mutable ? T.Input_Mutability.MUTABLE : T.Input_Mutability.IMMUTABLE,
  };
};

const commandToProto = (command: Command): T.Command['command'] => {
  if (command.MoveCall) {
    const { arguments: given, typeArguments, ...target } = command.MoveCall;
    return { oneofKind: 'moveCall', moveCall: { ...target, typeArguments, arguments: given.map(argumentToProto) } };
  }
  if (command.TransferObjects) {
    const { objects, address } = command.TransferObjects;
    const transferObjects = { objects: objects.map(argumentToProto), address: argumentToProto(address) };
    return { oneofKind: 'transferObjects', transferObjects };
  }
  if (command.SplitCoins) {
    const { coin, amounts } = command.SplitCoins;
    return {
      oneofKind: 'splitCoins',
      splitCoins: { coin: argumentToProto(coin), amounts: amounts.map(argumentToProto) },
    };
  }
  if (command.MergeCoins) {
    const { destination, sources } = command.MergeCoins;
    const mergeCoins = { coin: argumentToProto(destination), coinsToMerge: sources.map(argumentToProto) };
    return { oneofKind: 'mergeCoins', mergeCoins };
  }
  if (command.MakeMoveVec) {
    const { type, elements } = command.MakeMoveVec;
    const makeMoveVector = { elements: elements.map(argumentToProto), ...(type === null ? {} : { elementType: type }) };
    return { oneofKind: 'makeMoveVector', makeMoveVector };
  }
  throw invalid('Publishing is not supported by the sandbox');
};

const expirationToProto = (expiration: TransactionV1['expiration']): PartialMessage<T.TransactionExpiration> => {
  const kinds = T.TransactionExpiration_TransactionExpirationKind;
  if (expiration.$kind === 'None') return { kind: kinds.NONE };
  if (expiration.$kind === 'Epoch') return { kind: kinds.EPOCH, epoch: BigInt(expiration.Epoch) };
  const window = expiration.$kind === 'ValidDuring' ? expiration.ValidDuring : expiration.Validity;
  const ms = (value: string | null) =>
    value === null ? undefined : { seconds: BigInt(value) / 1000n, nanos: Number(BigInt(value) % 1000n) * 1_000_000 };
  const [minTimestamp, maxTimestamp] = [ms(window.minTimestamp), ms(window.maxTimestamp)];
  return {
    kind: expiration.$kind === 'ValidDuring' ? kinds.VALID_DURING : kinds.VALIDITY,
    chain: window.chain,
    nonce: window.nonce,
    ...(window.minEpoch === null ? {} : { minEpoch: BigInt(window.minEpoch) }),
    ...(window.maxEpoch === null ? {} : { epoch: BigInt(window.maxEpoch) }),
    ...(minTimestamp ? { minTimestamp } : {}),
    ...(maxTimestamp ? { maxTimestamp } : {}),
  };
};

/** A decoded transaction with its bytes and digest as protobuf. */
export const transactionToProto = (tx: Decoded, bytes: Uint8Array, digest: string): T.Transaction => {
  const { data, programmable } = tx;
  return T.Transaction.create({
    bcs: { name: 'TransactionData', value: bytes },
    digest,
    version: 1,
    kind: {
      kind: T.TransactionKind_Kind.PROGRAMMABLE_TRANSACTION,
      data: {
        oneofKind: 'programmableTransaction',
        programmableTransaction: {
          inputs: programmable.inputs.map((input) => T.Input.create(inputToProto(input))),
          commands: programmable.commands.map((command) => ({ command: commandToProto(command) })),
        },
      },
    },
    sender: data.sender,
    gasPayment: {
      objects: data.gasData.payment.map((ref) => ({ ...ref, version: BigInt(ref.version) })),
      owner: data.gasData.owner,
      price: BigInt(data.gasData.price),
      budget: BigInt(data.gasData.budget),
    },
    expiration: expirationToProto(data.expiration),
  });
};

/** Input of the SDK's serializer for transaction data. */
export type TransactionInput = Parameters<typeof bcs.TransactionDataV1.serialize>[0];
type ProgrammableInput = Extract<
  TransactionInput['kind'],
  { ProgrammableTransaction: object }
>['ProgrammableTransaction'];
type CommandInput = NonNullable<ProgrammableInput>['commands'] extends Iterable<infer C> ? C : never;
type ArgumentInput = Parameters<typeof bcs.Argument.serialize>[0];

const argumentFromProto = (argument: T.Argument | undefined): ArgumentInput => {
  if (argument?.kind === argumentKind.GAS) return { GasCoin: true };
  if (argument?.kind === argumentKind.INPUT) return { Input: argument.input ?? 0 };
  if (argument?.kind !== argumentKind.RESULT) throw invalid('An argument is missing');
  const result = argument.result ?? 0;
  return argument.subresult === undefined ? { Result: result } : { NestedResult: [result, argument.subresult] };
};

/** A command as the serializer takes it. */
export const commandFromProto = ({ command }: T.Command): CommandInput => {
  switch (command.oneofKind) {
    case 'moveCall':
      return {
        MoveCall: {
          package: normalizeSuiAddress(command.moveCall.package ?? ''),
          module: command.moveCall.module ?? '',
          function: command.moveCall.function ?? '',
          typeArguments: command.moveCall.typeArguments,
          arguments: command.moveCall.arguments.map(argumentFromProto),
        },
      };
    case 'transferObjects':
      return {
        TransferObjects: {
          objects: command.transferObjects.objects.map(argumentFromProto),
          address: argumentFromProto(command.transferObjects.address),
        },
      };
    case 'splitCoins':
      return {
        SplitCoins: {
          coin: argumentFromProto(command.splitCoins.coin),
          amounts: command.splitCoins.amounts.map(argumentFromProto),
        },
      };
    case 'mergeCoins':
      return {
        MergeCoins: {
          destination: argumentFromProto(command.mergeCoins.coin),
          sources: command.mergeCoins.coinsToMerge.map(argumentFromProto),
        },
      };
    case 'makeMoveVector':
      return {
        MakeMoveVec: {
          type: command.makeMoveVector.elementType ?? null,
          elements: command.makeMoveVector.elements.map(argumentFromProto),
        },
      };
    default:
      throw invalid('This kind of command is not supported by the sandbox');
  }
};

/** The expiration as the serializer takes it; none where none was named. */
export const expirationFromProto = (
  expiration: T.TransactionExpiration | undefined,
): TransactionInput['expiration'] => {
  const kinds = T.TransactionExpiration_TransactionExpirationKind;
  if (expiration?.kind === kinds.EPOCH) return { Epoch: Number(expiration.epoch ?? 0n) };
  if (expiration?.kind !== kinds.VALID_DURING) return { None: true };
  const ms = (at: { seconds: bigint; nanos: number } | undefined) =>
    at ? at.seconds * 1000n + BigInt(Math.floor(at.nanos / 1_000_000)) : null;
  return {
    ValidDuring: {
      minEpoch: expiration.minEpoch ?? null,
      maxEpoch: expiration.epoch ?? null,
      minTimestamp: ms(expiration.minTimestamp),
      maxTimestamp: ms(expiration.maxTimestamp),
      chain: expiration.chain ?? '',
      nonce: expiration.nonce ?? 0,
    },
  };
};
