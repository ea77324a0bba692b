/** Reads what one intent needs beyond the database and the gas coins: badges, the place in a ticket, the price of a purchase (protocol.md 2, 4.2). */
import { U64ArithmeticError, taskBadgeType, dbType, type AtomaDb, type BadgeKind, type Contract } from '../../src-shared/atoma/index.ts';
import type { Intent } from '../../src-shared/bridge/intents.ts';
import type { NetworkProfile } from '../../src-shared/domain/network-profile.ts';
import { AppError } from '../../src-shared/errors.ts';
import type { BuildFacts } from './build-intent.ts';
import type { ChainClient } from './client.ts';
import type { AttestationFacts } from './intent-calls.ts';
import { allPages } from './all-pages.ts';
import type { Reads } from './reads.ts';

type Sources = {
  profile: NetworkProfile;
  client: ChainClient;
  reads: Reads;
  contract: Contract;
  db: AtomaDb;
  /** This wallet's node; null when it has none. */
  node: { badgeId: string; nodeSmallId: bigint } | null;
};
type Reference = { objectId: string; version: string; digest: string };

/** What {@link readNeeds} gives. */
export type Needs = Pick<BuildFacts, 'badges' | 'attestation' | 'spent'>;

/** True when the intent's call is given a coin of the network. */
export function takesCoin(intent: Intent, contract: Contract): boolean {
  return intent.kind === 'buy_stack' || (intent.kind === 'register' && contract.takesCollateral) || (intent.kind === 'transfer' && intent.coin === 'network');
}

/** Badges that an intent's call takes; the node's stands for all that are not named. */
const badgeOf: Readonly<Partial<Record<Intent['kind'], 'none' | 'task' | 'manager'>>> = {
  faucet: 'none', register: 'none', transfer: 'none', buy_stack: 'none', create_task: 'manager', deprecate_task: 'task', remove_task: 'task',
};

/** Reads them. Throws what the client throws, AppError chain.rejected when this node may not attest, chain.overflow for a price that the chain cannot multiply. */
export async function readNeeds(intent: Intent, wallet: string, sources: Sources): Promise<Needs> {
  const [badges, attestation, spent] = await Promise.all([
    readBadges(intent, wallet, sources),
    intent.kind === 'attest' ? readPlace(intent.stackSmallId, sources) : null,
    spentBy(intent, sources),
  ]);
  return { badges, attestation, spent };
}

async function readBadges(intent: Intent, wallet: string, { profile, client, reads, contract, node }: Sources): Promise<Needs['badges']> {
  const which = badgeOf[intent.kind] ?? 'node';
  const one = async (kind: BadgeKind, id: string | null): Promise<Needs['badges']> =>
    id === null ? {} : { [kind]: refOf((await client.ask((sui, signal) => sui.getObject({ objectId: id, signal }))).object) };
  if (which === 'none' || (which === 'manager' && contract.tasksCreatedBy === 'anyone')) return {};
  if (which === 'node') return one('NodeBadge', node?.badgeId ?? null);
  if (which === 'task') {
    const owned = await reads.ownedBadges(wallet, taskBadgeType(profile.atomaPackageId), contract);
    return one('TaskBadge', owned.find((badge) => 'taskSmallId' in intent && badge.smallId === intent.taskSmallId)?.id ?? null);
  }
  const managers = await allPages(async (cursor) => {
    const page = await client.ask((sui, signal) => sui.listOwnedObjects({ owner: wallet, type: dbType(profile.atomaPackageId, 'AtomaManagerBadge'), cursor, signal }));
    return { items: page.objects.map((object) => object.objectId), next: page.hasNextPage ? page.cursor : null };
  });
  return one('AtomaManagerBadge', managers[0] ?? null);
}

/** This node's place in the ticket. A second attestation would be counted twice on chain: it is refused here (protocol.md 6.4). */
async function readPlace(stackSmallId: bigint, { reads, contract, db, node }: Sources): Promise<AttestationFacts> {
  const refuse = (detail: string): never => {
    throw new AppError('chain.rejected', { detail });
  };
  const [ticket = null] = await reads.tickets([stackSmallId], db, contract);
  const me = node?.nodeSmallId ?? refuse('this wallet has no node');
  if (ticket === null) return refuse(`stack ${stackSmallId} has no settlement ticket`);
  const index = ticket.requestedAttestationNodes.indexOf(me);
  if (index < 0) return refuse('this node was not asked to attest that stack');
  if (ticket.alreadyAttestedNodes.includes(me)) return refuse('this node has attested that stack already');
  return { index, extraNodes: ticket.stackMerkleLeavesVector.length / contract.constants.hashBytes - 1 };
}

async function spentBy(intent: Intent, { reads, contract, db }: Sources): Promise<bigint> {
  if (intent.kind === 'register') return contract.takesCollateral ? db.registrationCollateralInProtocolToken : 0n;
  if (intent.kind !== 'buy_stack') return 0n;
  const level = await reads.securityLevelOf(intent.taskSmallId, db, contract);
  try {
    return contract.money.purchasePrice(intent.price, intent.computeUnits, level === 'sampling-consensus', db);
  } catch (caught) {
    if (caught instanceof U64ArithmeticError) throw new AppError('chain.overflow', {}, { cause: caught });
    throw caught;
  }
}

const refOf = (object: Reference): Reference => ({ objectId: object.objectId, version: object.version, digest: object.digest });
