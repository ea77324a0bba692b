/** What the commands of one transaction work on. */
import type { Draws, World } from '../rules/index.ts';
import type { Deployment, ObjectIndex } from './deployment.ts';
import type { Arguments } from './arguments.ts';
import type { Scratch } from './scratch.ts';

/** An event as the chain keeps it. */
export interface ChainEvent {
  readonly packageId: string;
  readonly module: string;
  readonly sender: string;
  readonly type: string;
  readonly contents: Uint8Array;
}

/** State of a running transaction; thrown away when it fails. */
export interface Runtime {
  readonly deployment: Deployment;
  readonly sender: string;
  readonly epoch: bigint;
  /** In milliseconds since 1970. */
  readonly epochStartMs: bigint;
  readonly draws: Draws;
  readonly scratch: Scratch;
  readonly args: Arguments;
  world: World;
  index: ObjectIndex;
  readonly events: ChainEvent[];
  /** Objects made by this transaction and not yet given to anybody. */
  readonly held: Set<string>;
}
