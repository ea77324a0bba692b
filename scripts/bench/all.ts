/** All benchmarks in the order they run. */
import type { Benchmark } from './benchmark.ts';
import { catchUpOnEvents } from './catch-up.ts';
import { commitment } from './commitment.ts';
import { dashboardQueries } from './dashboard-queries.ts';
import { eventLoopDelay } from './event-loop-delay.ts';
import { firstLoad } from './first-load.ts';
import { generationSpeed } from './generation-speed.ts';
import { idleMemory } from './idle-memory.ts';
import { interaction } from './interaction.ts';
import { packageSize } from './package-size.ts';
import { requestWork } from './request-work.ts';
import { startUp } from './start-up.ts';

export const benchmarks: readonly Benchmark[] = [requestWork, generationSpeed, eventLoopDelay, startUp, idleMemory, interaction, dashboardQueries, commitment, catchUpOnEvents, firstLoad, packageSize];
