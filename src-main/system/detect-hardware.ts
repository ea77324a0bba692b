/** Detects CPU, memory, disk and GPUs (coordinator.md 2, "detected"; product.md, Set-up step 3). */
import { cpus, totalmem } from 'node:os';
import { statfs } from 'node:fs/promises';
import type { Logger } from '../log/logger.ts';
import type { Hardware } from './hardware.ts';
import { runProgram, type RunProgram } from './nvidia-smi.ts';
import { createGpuQuery } from './query-gpus.ts';

/** CPU and memory as the system describes them. */
export type Machine = { model: string; cores: number; ramBytes: number };

type Deps = {
  log: Logger;
  runProgram?: RunProgram;
  /** Folder of the system's graphics cards, stated for tests. */
  sysRoot?: string;
};

/** Detects once. `dataDir` is the folder whose disk is measured. Never rejects: what cannot be told is null, and logged. */
export async function detectHardware(dataDir: string, deps: Deps): Promise<Hardware> {
  const [diskFreeBytes, { gpus, source }] = await Promise.all([
    freeBytes(dataDir, deps.log),
    createGpuQuery({ run: deps.runProgram ?? runProgram, now: () => 0, platform: process.platform, ...(deps.sysRoot === undefined ? {} : { sysRoot: deps.sysRoot }) })(),
  ]);
  if (source.kind === 'failed') deps.log.warn('system.gpu_query_failed', { detail: source.detail });
  const { model, cores, ramBytes } = describeMachine();
  return { cpu: { model, cores }, ramBytes, diskFreeBytes, gpus, gpuSource: source };
}

/** Processor and memory as Node tells them: no program is started for it, since a start waits for this. */
export function describeMachine(): Machine {
  const processors = cpus();
  return { model: processors[0]?.model.trim() || 'unknown', cores: processors.length, ramBytes: totalmem() };
}

async function freeBytes(folder: string, log: Logger): Promise<number | null> {
  try {
    const { bavail, bsize } = await statfs(folder);
    return bavail * bsize;
  } catch (error) {
    log.warn('system.disk_query_failed', { error });
    return null;
  }
}
