/** Whether somebody else uses a GPU: by the driver's list of processes where it names loads, else by a load while none of our work runs (product.md, Hardware: pause while a game or full-screen application runs). */

/** A process on a GPU as the driver tells of it; `utilPct` null where it does not tell its share. */
export type GpuProcess = { pid: number; name: string; utilPct: number | null };

/** One look at the GPUs. */
export type LoadSample = {
  /** Null: no list can be had. */
  processes: readonly GpuProcess[] | null;
  /** Highest utilisation of a switched-on GPU, in percent; null when none is told. */
  utilPct: number | null;
  /** Requests of ours that run, or ran since the last sample. */
  ownWork: boolean;
};

/** What the samples came to. `streak` counts samples in a row that speak against the present answer. */
export type ForeignUse = { status: 'free' | 'in_use' | 'unknown'; detail: string | null; streak: number };

/** Nothing was looked at yet. */
export const notLooked: ForeignUse = { status: 'unknown', detail: null, streak: 0 };

/** A share from which on a process counts as using the GPU: a desktop's own drawing stays under it. */
const busyPct = 25;
/** A load that nobody of ours makes, in percent; higher, since a desktop's whole drawing is in it. */
const unknownLoadPct = 40;
/** Samples in a row before work pauses, and before it goes on: a window that opens is no game, a loading screen no end of one. */
const samplesToPause = 3;
const samplesToResume = 6;

/** The process that uses most among those that are not ours; null when none uses much. */
function foreignProcess(processes: readonly GpuProcess[], ownPids: ReadonlySet<number>): GpuProcess | null {
  const busy = processes.filter(({ pid, utilPct }) => !ownPids.has(pid) && (utilPct ?? 0) >= busyPct);
  return busy.sort((a, b) => (b.utilPct ?? 0) - (a.utilPct ?? 0))[0] ?? null;
}

/** What one sample says by itself. */
function judge({ processes, utilPct, ownWork }: LoadSample, ownPids: ReadonlySet<number>): { status: ForeignUse['status']; detail: string | null } {
  if (processes?.some((process) => process.utilPct !== null) === true) {
    const process = foreignProcess(processes, ownPids);
    return process === null ? { status: 'free', detail: null } : { status: 'in_use', detail: `${process.name}, ${process.utilPct} % of a GPU` };
  }
  if (utilPct === null) return { status: 'unknown', detail: 'The driver tells neither the load of a GPU nor who uses it.' };
  if (ownWork) return { status: 'unknown', detail: 'While own work runs, this driver does not tell whose load it is.' };
  return utilPct >= unknownLoadPct ? { status: 'in_use', detail: `A program that is not ours, ${utilPct} % of a GPU` } : { status: 'free', detail: null };
}

/** The answer after one more sample: it changes between free and in use only after several samples in a row. What cannot be told keeps a pause no longer than it takes to look. */
export function nextForeignUse(previous: ForeignUse, sample: LoadSample, ownPids: ReadonlySet<number>): ForeignUse {
  const seen = judge(sample, ownPids);
  const inUse = previous.status === 'in_use';
  if (inUse === (seen.status === 'in_use')) return { ...seen, streak: 0 };
  const streak = previous.streak + 1;
  return streak >= (inUse ? samplesToResume : samplesToPause) ? { ...seen, streak: 0 } : { status: inUse ? 'in_use' : previous.status, detail: previous.detail, streak };
}
