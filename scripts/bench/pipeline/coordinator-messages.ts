/** What the bench and its coordinator process say to each other; both are this program, so types suffice. */

/** A request for the node: the buyer's body and what the dispatch says about it. */
export type BenchRequest = { id: number; body: string; model: string; stackSmallId: number; maxComputeUnits: number; stream: boolean };

/** To the coordinator process. */
export type ToCoordinator = { kind: 'dispatch'; request: BenchRequest } | { kind: 'wake'; id: number } | { kind: 'stop' };

/** From it. `elapsedMs` runs from the dispatch frame's write to the result frame's arrival. */
export type FromCoordinator =
  | { kind: 'ready'; url: string; coordinatorId: string }
  | { kind: 'linked' }
  | { kind: 'awake'; id: number }
  | { kind: 'answered'; id: number; elapsedMs: number; chunks: number }
  | { kind: 'failed'; id: number; why: string };
