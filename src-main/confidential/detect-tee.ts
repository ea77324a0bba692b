/** Looks for confidential hardware: guest devices of AMD SEV-SNP and Intel TDX, the kernel's attestation reports, NVIDIA's confidential mode; each with what was seen (issue: Confidential compute). */
import { access, constants } from 'node:fs/promises';
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { TeeSign } from '../core/tee.ts';

/** Runs a program and gives its output; rejects when it is absent, fails or takes too long. */
export type RunTool = (file: string, args: readonly string[], timeoutMs: number) => Promise<string>;

/** Where the kernel shows its devices and reports; tests name folders of their own. */
export type TeePlaces = { devices: string; reports: string };

const toolTimeoutMs = 5_000;
const outputBytes = 4 * 2 ** 20;
const run = promisify(execFile);

/** Runs the real program. */
export const runTool: RunTool = async (file, args, timeoutMs) => (await run(file, [...args], { timeout: timeoutMs, maxBuffer: outputBytes, windowsHide: true })).stdout;
export const systemPlaces: TeePlaces = { devices: '/dev', reports: '/sys/kernel/config/tsm/report' };

/** One look; never rejects. */
export async function detectTee(places: TeePlaces = systemPlaces, tool: RunTool = runTool): Promise<TeeSign[]> {
  return Promise.all([
    place('sev_guest', [`${places.devices}/sev-guest`]),
    // Called tdx-guest before Linux 6.2.
    place('tdx_guest', [`${places.devices}/tdx_guest`, `${places.devices}/tdx-guest`]),
    place('tsm_reports', [places.reports]),
    nvidia(tool),
  ]);
}

async function place(what: TeeSign['what'], paths: readonly string[]): Promise<TeeSign> {
  for (const path of paths) {
    try {
      await access(path, constants.R_OK | constants.W_OK);
      return { what, found: 'yes', proof: `${path} can be used` };
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code !== 'ENOENT' && code !== 'ENOTDIR') return { what, found: 'denied', proof: `${path} is there, but: ${code ?? 'unknown'}` };
    }
  }
  return { what, found: 'no', proof: `${paths[0] ?? ''} is not there` };
}

/** `nvidia-smi conf-compute -f` says "CC status: ON"; older drivers do not know the command. */
async function nvidia(tool: RunTool): Promise<TeeSign> {
  try {
    const output = await tool('nvidia-smi', ['conf-compute', '-f'], toolTimeoutMs);
    const line = output.split('\n').map((one) => one.trim()).find((one) => /^CC status\s*:/i.test(one)) ?? null;
    const on = line !== null && /:\s*ON$/i.test(line);
    return { what: 'nvidia_cc', found: on ? 'yes' : 'no', proof: line === null ? 'nvidia-smi tells no confidential mode' : `nvidia-smi: ${line.slice(0, 100)}` };
  } catch (error) {
    const absent = (error as NodeJS.ErrnoException).code === 'ENOENT';
    return { what: 'nvidia_cc', found: 'no', proof: absent ? 'nvidia-smi is not installed' : 'nvidia-smi knows no confidential mode' };
  }
}
