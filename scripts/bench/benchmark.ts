/** What a benchmark is: a name for --only, and a run that gives measurements or says why there are none. */
import type { Measurement } from './figure.ts';

/** What a run may use. `folder` makes a fresh folder below the bench's own, which is removed at the end. */
export type BenchContext = { folder(name: string): string; log(line: string): void };

/** Nothing was measured, with the reason for the operator. */
export type Omitted = { omitted: string };

export type Benchmark = { name: string; run(context: BenchContext): Promise<readonly Measurement[] | Omitted> };
