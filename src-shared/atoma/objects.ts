/** The objects of both generations under one set of fields, so that nobody who reads them has to ask which generation it is (protocol.md 0, 4.1). */
import type { BcsType } from '@mysten/sui/bcs';
import { G1_OBJECTS } from './g1-objects.ts';
import { G2_OBJECTS } from './g2-objects.ts';

/** A badge: NodeBadge, TaskBadge and StackBadge have the same shape. */
export type Badge = typeof G1_OBJECTS.NodeBadge.$inferType;
/** A task. On G1, where it does not exist, `isPublic` reads true and the whitelist is empty. */
export type Task = typeof G2_OBJECTS.Task.$inferType;
/** A node's offer; `price` is for {@link AtomaConstants.priceUnit} units. */
export type NodePriceData = Omit<typeof G1_OBJECTS.NodePriceData.$inferType, 'pricePerComputeUnit'> & { price: bigint };
/** A stack; `price` is for {@link AtomaConstants.priceUnit} units. `isClaimed` is never true on G1. */
export type Stack = typeof G1_OBJECTS.Stack.$inferType & { isClaimed: boolean };
/** A settlement under way. */
export type StackSettlementTicket = typeof G1_OBJECTS.StackSettlementTicket.$inferType;
/** A node's entry; its key commitment reads null and its devices empty on G1. */
export type NodeEntry = typeof G2_OBJECTS.NodeEntry.$inferType;
/** The database; key counter and nonce are null on G1, which has none. */
export type AtomaDb = typeof G1_OBJECTS.AtomaDb.$inferType & {
  keyRotationCounter: bigint | null;
  nonce: bigint | null;
};

type Layout<T> = BcsType<T, T>;
type Same = Omit<typeof G1_OBJECTS, 'Task' | 'NodePriceData' | 'Stack' | 'NodeEntry' | 'AtomaDb'>;

/** Layouts by object name. Writing leaves out what the generation does not have. */
export type ObjectLayouts = Same & {
  readonly Task: Layout<Task>;
  readonly NodePriceData: Layout<NodePriceData>;
  readonly Stack: Layout<Stack>;
  readonly NodeEntry: Layout<NodeEntry>;
  readonly AtomaDb: Layout<AtomaDb>;
};

/** Objects of G1 in the common fields. */
export const G1_LAYOUTS: ObjectLayouts = {
  ...G1_OBJECTS,
  Task: G1_OBJECTS.Task.transform({
    input: (task: Task) => task,
    output: (task): Task => ({ ...task, isPublic: true, whitelistedNodes: [] }),
  }),
  NodePriceData: G1_OBJECTS.NodePriceData.transform({
    input: ({ price, ...rest }: NodePriceData) => ({ ...rest, pricePerComputeUnit: price }),
    output: ({ pricePerComputeUnit: price, ...rest }): NodePriceData => ({ ...rest, price }),
  }),
  Stack: G1_OBJECTS.Stack.transform({
    input: (stack: Stack) => stack,
    output: (stack): Stack => ({ ...stack, isClaimed: false }),
  }),
  NodeEntry: G1_OBJECTS.NodeEntry.transform({
    input: (entry: NodeEntry) => entry,
    output: (entry): NodeEntry => ({
      ...entry,
      confidentialComputeLastRotationCounter: null,
      confidentialComputeLastUpdatedEpoch: null,
      confidentialComputePublicKeyCommitment: null,
      confidentialComputeDeviceTypes: [],
    }),
  }),
  AtomaDb: G1_OBJECTS.AtomaDb.transform({
    input: (db: AtomaDb) => db,
    output: (db): AtomaDb => ({ ...db, keyRotationCounter: null, nonce: null }),
  }),
};

/** Objects of G2 in the common fields. */
export const G2_LAYOUTS: ObjectLayouts = {
  ...G2_OBJECTS,
  Task: G2_OBJECTS.Task.transform({ input: (task: Task) => task, output: (task): Task => task }),
  NodeEntry: G2_OBJECTS.NodeEntry.transform({
    input: (entry: NodeEntry) => entry,
    output: (entry): NodeEntry => entry,
  }),
  NodePriceData: G2_OBJECTS.NodePriceData.transform({
    input: ({ price, ...rest }: NodePriceData) => ({ ...rest, pricePerOneMillionComputeUnits: price }),
    output: ({ pricePerOneMillionComputeUnits: price, ...rest }): NodePriceData => ({ ...rest, price }),
  }),
  Stack: G2_OBJECTS.Stack.transform({
    input: ({ price, ...rest }: Stack) => ({ ...rest, pricePerOneMillionComputeUnits: price }),
    output: ({ pricePerOneMillionComputeUnits: price, ...rest }): Stack => ({ ...rest, price }),
  }),
  AtomaDb: G2_OBJECTS.AtomaDb.transform({
    input: (db: AtomaDb) => ({ ...db, keyRotationCounter: db.keyRotationCounter ?? 0n, nonce: db.nonce ?? 0n }),
    output: (db): AtomaDb => db,
  }),
};
