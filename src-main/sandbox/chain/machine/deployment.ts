/** Ids that the sandbox's genesis fixes for one chain, and the tables of its database object (protocol.md 4.1). */

/** The packages and shared objects of this chain, and the UIDs of AtomaDb's tables. */
export interface Deployment {
  readonly packageId: string;
  readonly coinPackageId: string;
  readonly coinType: string;
  readonly atomaDbId: string;
  readonly faucetId: string;
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

/** Where the platform objects of small ids are: which UIDs the contract's objects got when they were created. */
export interface ObjectIndex {
  /** NodeBadge id by node number. */
  readonly badges: ReadonlyMap<bigint, string>;
  /** Task object and its two tables by task number. */
  readonly tasks: ReadonlyMap<bigint, { readonly id: string; readonly offers: string; readonly nodeList: string }>;
  /** Ticket object by stack number. */
  readonly tickets: ReadonlyMap<bigint, string>;
}
