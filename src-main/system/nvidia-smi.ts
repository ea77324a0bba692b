/** Asks nvidia-smi for the GPUs and their gauges; its absence means that there is none (stack.md 8: systeminformation misses them without lspci). */
import { execFile } from 'node:child_process';
import { z } from 'zod';
import type { Gpu, GpuSource } from './hardware.ts';

const columns = ['uuid', 'name', 'driver_version', 'memory.total', 'memory.used', 'utilization.gpu', 'temperature.gpu', 'power.draw', 'compute_cap'] as const;
/** Arguments whose output {@link parseGpus} reads. */
export const nvidiaSmiArguments = [`--query-gpu=${columns.join(',')}`, '--format=csv,noheader,nounits'] as const;
const timeoutMs = 5_000;

/** Runs a program and gives its standard output; rejects as child_process does, with `code` ENOENT when it is absent. */
export type RunProgram = (file: string, args: readonly string[], timeoutMs: number) => Promise<string>;

/** RunProgram over child_process.execFile, without a shell. */
export const runProgram: RunProgram = (file, args, limitMs) =>
  new Promise((resolve, reject) => {
    execFile(file, [...args], { timeout: limitMs, windowsHide: true, encoding: 'utf8', maxBuffer: 2 ** 20 }, (error, stdout) => (error ? reject(error) : resolve(stdout)));
  });

/** "[N/A]", "[Not Supported]", "[Unknown Error]" and an empty field all mean that the driver does not tell. */
const text = z.string().trim().transform((value) => (value === '' || /^\[.*\]$/.test(value) || value === 'N/A' ? null : value));
const figure = text.transform((value) => {
  const parsed = value === null ? Number.NaN : Number(value);
  return Number.isFinite(parsed) ? parsed : null;
});
const rowSchema = z.tuple([text, text, text, figure, figure, figure, figure, figure, text]);

/** Reads the CSV: one GPU a line; a line of another shape (a warning of the driver) is left out. */
export function parseGpus(csv: string): Gpu[] {
  return csv.split(/\r?\n/).flatMap((line) => {
    const row = rowSchema.safeParse(line.split(','));
    if (!row.success) return [];
    const [uuid, model, driver, vramTotalMib, vramUsedMib, utilPct, tempC, powerW, computeCapability] = row.data;
    if (uuid === null || model === null) return [];
    return [{ uuid, model, driver, vramTotalMib, vramUsedMib, utilPct, tempC, powerW, computeCapability }];
  });
}

/** The GPUs now. Never rejects: a machine without them, or with a broken driver, still runs on its CPU, and `source` says which. */
export async function queryGpus(run: RunProgram = runProgram): Promise<{ gpus: Gpu[]; source: GpuSource }> {
  try {
    return { gpus: parseGpus(await run('nvidia-smi', nvidiaSmiArguments, timeoutMs)), source: { kind: 'nvidia-smi' } };
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return { gpus: [], source: { kind: 'not_installed' } };
    return { gpus: [], source: { kind: 'failed', detail: (error instanceof Error ? error.message : String(error)).trim().slice(0, 200) } };
  }
}
