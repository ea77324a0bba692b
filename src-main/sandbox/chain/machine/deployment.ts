/** Ids that the sandbox's genesis fixes for one chain, and the tables of its database object (protocol.md 4.1). */

import { contractOf } from '../../../../src-shared/atoma/index.ts';
import type { Contract, Generation } from '../../../../src-shared/atoma/index.ts';

/** The packages and shared objects of this chain, and the UIDs of AtomaDb's tables. */
export interface Deployment {
  readonly generation: Generation;
  readonly packageId: string;
  readonly coinPackageId: string;
  readonly coinType: string;
  readonly atomaDbId: string;
  /** Null where the coin has no faucet on chain (G2). */
  readonly faucetId: string | null;
  readonly metadataId: string;
  readonly tables: {
    readonly tickets: string;
    readonly nodes: string;
    readonly models: string;
    readonly tasks: string;
    readonly stacks: string;
    readonly stackSettlementTickets: string;
  };
}

/** The contract's table of a deployment. */
export const contractAt = (deployment: Deployment): Contract => contractOf(deployment.generation);

/** Where the platform objects of small ids are: which UIDs the contract's objects got when they were created. */
export interface ObjectIndex {
  /** NodeBadge id by node number. */
  readonly badges: ReadonlyMap<bigint, string>;
  /** Task object and its two tables by task number. */
  readonly tasks: ReadonlyMap<bigint, { readonly id: string; readonly offers: string; readonly nodeList: string }>;
  /** Ticket object by stack number. */
  readonly tickets: ReadonlyMap<bigint, string>;
  /** Model object by name, and the node list of each of its echelons by echelon id. */
  readonly models: ReadonlyMap<string, { readonly id: string; readonly nodes: ReadonlyMap<bigint, string> }>;
}
