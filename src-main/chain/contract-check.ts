/** Detects the contract's generation from its signatures and refuses what is not the profile's contract (protocol.md 0: "detect, never assume"). */
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

/** Asks for the signatures and shared objects. Throws AppError `network.wrong_contract` when they are not what the profile says. */
export async function checkContract(client: SuiGrpcClient, profile: NetworkProfile, chainId: string, signal: AbortSignal): Promise<Deployment> {
  const wrong = (detail: string): never => {
    throw new AppError('network.wrong_contract', { packageId: profile.atomaPackageId, detail });
  };
  const parametersOf = async (name: string): Promise<Parameters | null> => {
    try {
      const found = await client.getMoveFunction({ packageId: profile.atomaPackageId, moduleName: 'db', name, signal });
      return found.function.parameters;
    } catch (caught) {
      if (isNotFound(caught)) return null;
      throw caught;
    }
  };
  const register = (await parametersOf('register_node_entry')) ?? wrong('it has no db::register_node_entry');
  const subscribe = (await parametersOf('subscribe_node_to_task')) ?? wrong('it has no db::subscribe_node_to_task');
  const directClaim = await parametersOf('claim_funds_for_stacks');
  const generation = generationOf(register.length, subscribe.length, directClaim !== null) ?? wrong('its functions match no known generation');
  if (generation !== profile.generation) wrong(`it is of generation ${generation}, the profile says ${profile.generation}`);
  if (generation !== 'G1') wrong(`generation ${generation} is not supported by this version`);
  const coin = coinTypeOf(register[1]);
  if (coin !== normalizeStructTag(profile.coin.type)) wrong(`it takes ${coin ?? 'no coin'}, the profile says ${profile.coin.type}`);
  return { chainId, contract: contractOf(generation), ...(await sharedObjects(client, profile, signal)) };
}

/** G1: register takes a coin and subscribing takes a limit; G2: neither, and confidential stacks are claimed directly (protocol.md 0). */
function generationOf(registerParameters: number, subscribeParameters: number, directClaim: boolean): Generation | null {
  if (registerParameters === 3 && subscribeParameters === 5 && !directClaim) return 'G1';
  if (registerParameters === 2 && subscribeParameters === 4 && directClaim) return 'G2';
  return null;
}

/** T of a parameter `&mut Coin<T>`. */
function coinTypeOf(parameter: SuiClientTypes.OpenSignature | undefined): string | null {
  const coin = parameter?.body.$kind === 'datatype' ? parameter.body.datatype : null;
  const inner = coin?.typeParameters[0];
  return inner?.$kind === 'datatype' ? normalizeStructTag(inner.datatype.typeName) : null;
}

async function sharedObjects(client: SuiGrpcClient, profile: NetworkProfile, signal: AbortSignal) {
  const ids = [profile.atomaDbId, RANDOM_OBJECT_ID, ...(profile.faucet ? [profile.faucet.objectId] : [])];
  const { objects } = await client.getObjects({ objectIds: ids, signal });
  const at = (index: number): string => {
    const found = objects[index];
    if (found === undefined || found instanceof Error || found.owner.$kind !== 'Shared') {
      throw new AppError('network.wrong_contract', { packageId: profile.atomaPackageId, detail: `${ids[index] ?? '?'} is no shared object here` });
    }
    return found.owner.Shared.initialSharedVersion;
  };
  const db = objects[0];
  const expected = atomaDbType(profile.atomaPackageId);
  if (db !== undefined && !(db instanceof Error) && normalizeStructTag(db.type) !== normalizeStructTag(expected)) {
    throw new AppError('network.wrong_contract', { packageId: profile.atomaPackageId, detail: `${profile.atomaDbId} is no ${expected}` });
  }
  return { dbInitialVersion: at(0), randomInitialVersion: at(1), faucetInitialVersion: profile.faucet ? at(2) : null };
}
