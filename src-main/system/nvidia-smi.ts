/** Asks nvidia-smi for the GPUs and their gauges; its absence means that there is none (stack.md 8). */
import { execFile } from 'node:child_process';
import { z } from 'zod';
import type { Gpu, GpuSource } from './hardware.ts';

const columns = ['uuid', 'name', 'driver_version', 'memory.total', 'memory.used', 'utilization.gpu', 'temperature.gpu', 'power.draw', 'compute_cap', 'power.limit'] as const;
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
const rowSchema = z.tuple([text, text, text, figure, figure, figure, figure, figure, text, figure]);

/** Reads the CSV: one GPU a line; a line of another shape (a warning of the driver) is left out. */
export function parseGpus(csv: string): Gpu[] {
  return csv.split(/\r?\n/).flatMap((line) => {
    const row = rowSchema.safeParse(line.split(','));
    if (!row.success) return [];
    const [uuid, model, driver, vramTotalMib, vramUsedMib, utilPct, tempC, powerW, computeCapability, powerLimitW] = row.data;
    if (uuid === null || model === null) return [];
    return [{ uuid, vendor: 'nvidia' as const, tool: 'nvidia-smi' as const, model, driver, vramTotalMib, vramUsedMib, utilPct, tempC, powerW, powerLimitW, computeCapability }];
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

/** Arguments whose output {@link parseProcesses} reads: one look at the processes on all GPUs with their share. */
export const pmonArguments = ['pmon', '-c', '1', '-s', 'u'] as const;

/** A process on a GPU; its share in percent, null where the driver does not tell (Windows' display driver model). */
export type GpuProcess = { pid: number; name: string; utilPct: number | null };

/** Reads pmon's table by its heading, since drivers add columns; the command is what is left of the line. A GPU without processes has dashes. */
export function parseProcesses(table: string): GpuProcess[] {
  const lines = table.split(/\r?\n/);
  const heading = lines.find((line) => /^#\s*gpu\b/i.test(line))?.replace('#', '').trim().split(/\s+/) ?? [];
  const [pidAt, smAt] = [heading.indexOf('pid'), heading.indexOf('sm')];
  if (pidAt < 0) return [];
  return lines.flatMap((line) => {
    const cells = line.trim().split(/\s+/);
    const pid = Number(cells[pidAt]);
    if (line.trimStart().startsWith('#') || !Number.isInteger(pid) || pid <= 0) return [];
    const share = smAt < 0 ? Number.NaN : Number(cells[smAt]);
    return [{ pid, name: cells.slice(heading.length - 1).join(' ') || `process ${pid}`, utilPct: Number.isFinite(share) ? share : null }];
  });
}

/** Processes on the GPUs now; null where no list can be had. */
export async function queryProcesses(run: RunProgram = runProgram): Promise<GpuProcess[] | null> {
  try {
    return parseProcesses(await run('nvidia-smi', pmonArguments, timeoutMs));
  } catch {
    return null; // an old driver or one without pmon: the load of the whole card decides then
  }
}
