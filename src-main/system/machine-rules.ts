/** The machine check: each rule with what was found, what is needed, and one fix (product.md, Set-up step 3). */
import type { MachineCheck } from '../../src-shared/bridge/views.ts';
import { linkLimits } from '../../src-shared/link/codes.ts';
import { gibOf, gibOfMib, type Hardware } from './hardware.ts';

/** One row of the check. */
export type MachineRule = MachineCheck['rules'][number];

/** What the check needs besides hardware. */
export type MachineFacts = {
  hardware: Hardware;
  /** This clock minus the network's, in ms; null when no network time has been seen yet. */
  clockOffsetMs: number | null;
  /** Version of the embedded database; null when it is absent. */
  sqliteVersion: string | null;
};

const needs = { cores: 2, ramGib: 4, diskGib: 5 } as const;
/** Warn a good way before the link's own limit is reached. */
const clockWarnMs = linkLimits.maxClockSkewMs / 3;

const rule = (name: MachineRule['rule'], status: MachineRule['status'], found: string, needed: string, fix: string): MachineRule => ({
  rule: name,
  status,
  found,
  needed,
  fix: status === 'ok' ? null : fix,
});

/** All six rules, in the order they are shown. `failed` keeps the node from working; `warning` costs earnings. */
export function machineRules({ hardware, clockOffsetMs, sqliteVersion }: MachineFacts): MachineRule[] {
  const { cpu, ramBytes, diskFreeBytes } = hardware;
  const ramGib = gibOf(ramBytes);
  return [
    rule('cpu', cpu.cores >= needs.cores ? 'ok' : 'warning', `${cpu.model}, ${cpu.cores} cores`, `${needs.cores} cores`, 'Give this machine more cores; it will be slow.'),
    rule('ram', ramGib >= needs.ramGib ? 'ok' : 'warning', `${ramGib} GiB`, `${needs.ramGib} GiB`, 'Add memory, or serve small models only.'),
    diskRule(diskFreeBytes),
    gpuRule(hardware),
    clockRule(clockOffsetMs),
    rule('sqlite', sqliteVersion === null ? 'failed' : 'ok', sqliteVersion === null ? 'absent' : `SQLite ${sqliteVersion}`, 'SQLite in Node.js', 'Use Node 22.13 or newer, or start through npm.'),
  ];
}

function diskRule(freeBytes: number | null): MachineRule {
  const needed = `${needs.diskGib} GiB free`;
  if (freeBytes === null) return rule('disk', 'warning', 'unknown', needed, 'Check that the data folder can be read.');
  const freeGib = Math.floor(freeBytes / 2 ** 30);
  // Under one GiB the database itself may fail to write.
  const status = freeGib >= needs.diskGib ? 'ok' : freeGib >= 1 ? 'warning' : 'failed';
  return rule('disk', status, `${freeGib} GiB free`, needed, 'Free some disk space where the data folder lies.');
}

function gpuRule({ gpus, gpuSource }: Hardware): MachineRule {
  const needed = 'an NVIDIA GPU with its driver, to earn more';
  if (gpus.length > 0) {
    const found = gpus.map(({ model, vramTotalMib, driver }) => `${model}${vramTotalMib === null ? '' : `, ${gibOfMib(vramTotalMib)} GiB`}${driver === null ? '' : `, driver ${driver}`}`);
    return rule('gpu', 'ok', found.join('; '), needed, '');
  }
  if (gpuSource.kind === 'failed') return rule('gpu', 'warning', `nvidia-smi failed: ${gpuSource.detail}`, needed, 'Install the NVIDIA driver again, then restart the machine.');
  return rule('gpu', 'warning', 'none; work runs on the CPU', needed, 'If this machine has an NVIDIA GPU, install its driver.');
}

function clockRule(offsetMs: number | null): MachineRule {
  const needed = `within ${linkLimits.maxClockSkewMs / 1000} s of the network`;
  const fix = 'Set the clock of this machine by network time (NTP).';
  if (offsetMs === null) return rule('clock', 'warning', 'not compared yet', needed, 'It is compared as soon as the network answers.');
  const offset = Math.abs(offsetMs);
  const status = offset > linkLimits.maxClockSkewMs ? 'failed' : offset > clockWarnMs ? 'warning' : 'ok';
  return rule('clock', status, `${(offset / 1000).toFixed(1)} s ${offsetMs < 0 ? 'behind' : 'ahead'}`, needed, fix);
}
