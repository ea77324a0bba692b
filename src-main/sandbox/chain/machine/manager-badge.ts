/** `db::create_manager_badge_entry` and its twin that returns the badge: whoever shows the package's Publisher gets another manager badge; they take no database (protocol.md 2.7). */
import { bcs } from '@mysten/sui/bcs';
import { normalizeSuiAddress } from '@mysten/sui/utils';
import { DB_ABORT_BASE, dbType } from '../../../../src-shared/atoma/index.ts';
import type { Value } from './arguments.ts';
import type { ObjectDraft, ObjectOwner } from './chain-object.ts';
import { draftOf, nobody } from './coin-commands.ts';
import { contractAt } from './deployment.ts';
import type { Deployment } from './deployment.ts';
import { fail } from './failure.ts';
import type { Runtime } from './runtime.ts';
import type { MoveCall } from './transaction-data.ts';

const NOT_AUTHORIZED = 2n;
/** Names of the functions, and whether the badge is given to the transaction instead of the sender. */
export const CREATE_MANAGER_BADGE: ReadonlyMap<string, { readonly returns: boolean }> = new Map([
  ['create_manager_badge_entry', { returns: false }],
  ['create_manager_badge', { returns: true }],
]);
/** Type of the framework's proof of having published a package. */
export const PUBLISHER_TYPE = `${normalizeSuiAddress('0x2')}::package::Publisher`;
/** The module whose one-time witness claimed the Publisher. */
const WITNESS_MODULE = 'atoma';

const publisher = bcs.struct('Publisher', { id: bcs.Address, package: bcs.string(), moduleName: bcs.string() });
const packageText = (packageId: string): string => packageId.slice(2);

/** The Publisher of a package, as it is claimed at publication. */
export const publisherDraft = (id: string, packageId: string, owner: ObjectOwner): ObjectDraft => ({
  id,
  type: PUBLISHER_TYPE,
  owner,
  contents: publisher.serialize({ id, package: packageText(packageId), moduleName: WITNESS_MODULE }).toBytes(),
});

/** A manager badge. */
export const managerBadgeDraft = (deployment: Deployment, id: string, owner: ObjectOwner): ObjectDraft => ({
  id,
  type: dbType(deployment.packageId, 'AtomaManagerBadge'),
  owner,
  contents: contractAt(deployment).objects.AtomaManagerBadge.serialize({ id }).toBytes(),
});

/** Makes a manager badge, for the sender or for later commands. Aborts: 2 for the Publisher of another package. */
export const runCreateManagerBadge = (runtime: Runtime, call: MoveCall): readonly Value[] => {
  const { deployment, scratch, args, sender, held } = runtime;
  if (call.typeArguments.length > 0) return fail({ kind: 'plain', name: 'TypeArityMismatch' });
  const [shown, ...more] = call.arguments;
  if (!shown || more.length > 0) return fail({ kind: 'plain', name: 'ArityMismatch' });
  const draft = draftOf(runtime, args.read(shown, 0), 0);
  if (draft.type !== PUBLISHER_TYPE) return fail({ kind: 'argument', index: 0, reason: 'TypeMismatch' });
  const { package: published, moduleName } = publisher.parse(draft.contents);
  if (published !== packageText(deployment.packageId) || moduleName !== WITNESS_MODULE) {
    const place = { packageId: deployment.packageId, module: 'db', functionName: call.function };
    return fail({ kind: 'abort', place, code: DB_ABORT_BASE + NOT_AUTHORIZED });
  }
  const id = scratch.newId();
  const returns = CREATE_MANAGER_BADGE.get(call.function)?.returns ?? false;
  scratch.put(managerBadgeDraft(deployment, id, returns ? nobody : { kind: 'address', address: sender }));
  if (!returns) return [];
  held.add(id);
  return [{ kind: 'object', id }];
};
