/** Detects the contract's generation from its signatures and refuses what is not the profile's contract, each time saying what to change (protocol.md 0: "detect, never assume"). */
import { normalizeStructTag } from '@mysten/sui/utils';
import type { SuiGrpcClient } from '@mysten/sui/grpc';
import type { SuiClientTypes } from '@mysten/sui/client';
import { RANDOM_OBJECT_ID, atomaDbType, contractOf, type Contract, type Generation } from '../../src-shared/atoma/index.ts';
import type { NetworkProfile } from '../../src-shared/domain/network-profile.ts';
import { AppError } from '../../src-shared/errors.ts';
import { isNotFound } from './call-errors.ts';

/** What was found on chain: the generation's table and where the shared objects a call needs begin. */
export type Deployment = {
  readonly chainId: string;
  readonly contract: Contract;
  readonly dbInitialVersion: string;
  readonly randomInitialVersion: string;
  /** Null where the network has no faucet. */
  readonly faucetInitialVersion: string | null;
};

type Parameters = readonly SuiClientTypes.OpenSignature[];

/**
 * Asks for the signatures and shared objects.
 * @throws AppError network.unknown_package, network.wrong_contract, network.wrong_generation, network.wrong_coin, network.wrong_db, network.wrong_faucet
 */
export async function checkContract(client: SuiGrpcClient, profile: NetworkProfile, chainId: string, signal: AbortSignal): Promise<Deployment> {
  const { atomaPackageId: packageId } = profile;
  const parametersOf = async (name: string): Promise<Parameters | null> => {
    try {
      const found = await client.getMoveFunction({ packageId, moduleName: 'db', name, signal });
      return found.function.parameters;
    } catch (caught) {
      if (isNotFound(caught)) return null;
      throw caught;
    }
  };
  const [register, subscribe, buy, directClaim] = await Promise.all([
    parametersOf('register_node_entry'),
    parametersOf('subscribe_node_to_task'),
    parametersOf('acquire_new_stack_entry'),
    parametersOf('claim_funds_for_stacks'),
  ]);
  if (register === null && subscribe === null && buy === null) throw new AppError('network.unknown_package', { packageId });
  const shape = `register_node_entry takes ${counted(register)}, subscribe_node_to_task ${counted(subscribe)}, claim_funds_for_stacks ${directClaim === null ? 'is not there' : 'is there'}`;
  const generation = generationOf(register?.length, subscribe?.length, directClaim !== null);
  if (generation === null) throw new AppError('network.wrong_contract', { packageId, detail: shape });
  if (generation !== profile.generation) throw new AppError('network.wrong_generation', { packageId, found: generation, expected: profile.generation });
  checkCoin(profile, coinTypeOf(buy?.[1]));
  // G1 names its coin a second time; a package that disagrees with itself is none of ours.
  if (contractOf(generation).takesCollateral) checkCoin(profile, coinTypeOf(register?.[1]));
  return { chainId, contract: contractOf(generation), ...(await sharedObjects(client, profile, signal)) };
}

const counted = (parameters: Parameters | null): string => (parameters === null ? 'is not there' : `${parameters.length} parameters`);

/** G1: register takes a coin and subscribing takes a limit; G2: neither, and confidential stacks are claimed directly (protocol.md 0). */
function generationOf(registerParameters: number | undefined, subscribeParameters: number | undefined, directClaim: boolean): Generation | null {
  if (registerParameters === 3 && subscribeParameters === 5 && !directClaim) return 'G1';
  if (registerParameters === 2 && subscribeParameters === 4 && directClaim) return 'G2';
  return null;
}

function checkCoin(profile: NetworkProfile, found: string | null): void {
  if (found === normalizeStructTag(profile.coin.type)) return;
  throw new AppError('network.wrong_coin', { packageId: profile.atomaPackageId, found: found ?? 'no coin', expected: profile.coin.type });
}

/** T of a parameter `&mut Coin<T>`. */
function coinTypeOf(parameter: SuiClientTypes.OpenSignature | undefined): string | null {
  const coin = parameter?.body.$kind === 'datatype' ? parameter.body.datatype : null;
  const inner = coin?.typeParameters[0];
  return inner?.$kind === 'datatype' ? normalizeStructTag(inner.datatype.typeName) : null;
}

async function sharedObjects(client: SuiGrpcClient, profile: NetworkProfile, signal: AbortSignal): Promise<Omit<Deployment, 'chainId' | 'contract'>> {
  const { atomaPackageId: packageId, atomaDbId, faucet } = profile;
  const ids = [atomaDbId, RANDOM_OBJECT_ID, ...(faucet ? [faucet.objectId] : [])];
  const { objects } = await client.getObjects({ objectIds: ids, signal });
  const expected = atomaDbType(packageId);
  const versionAt = (index: number, wrong: (detail: string) => AppError): string => {
    const found = objects[index];
    if (found === undefined || found instanceof Error) throw wrong('there is no such object on this chain');
    if (index === 0 && normalizeStructTag(found.type) !== normalizeStructTag(expected)) throw wrong(`it is a ${found.type}`);
    if (found.owner.$kind !== 'Shared') throw wrong('it is not shared');
    return found.owner.Shared.initialSharedVersion;
  };
  const wrongDb = (detail: string): AppError => new AppError('network.wrong_db', { objectId: atomaDbId, packageId, detail });
  const noRandom = (detail: string): AppError => new AppError('network.wrong_contract', { packageId, detail: `the chain's randomness: ${detail}` });
  const wrongFaucet = (detail: string): AppError => new AppError('network.wrong_faucet', { objectId: faucet?.objectId ?? '', detail });
  return { dbInitialVersion: versionAt(0, wrongDb), randomInitialVersion: versionAt(1, noRandom), faucetInitialVersion: faucet ? versionAt(2, wrongFaucet) : null };
}
