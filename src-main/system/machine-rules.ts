/** The machine check: each rule with what was found, what is needed, and one fix (product.md, Set-up step 3). */
import type { MachineCheck } from '../../src-shared/bridge/views.ts';
import { linkLimits } from '../../src-shared/link/codes.ts';
import { clockCost, diskFix } from '../core/machine-words.ts';
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
    rule('cpu', cpu.cores >= needs.cores ? 'ok' : 'warning', `${cpu.model}, ${cpu.cores} cores`, `${needs.cores} cores`, 'Answers will be slow, so this machine earns less. Close other programs while it serves, or use a computer with more cores.'),
    rule('ram', ramGib >= needs.ramGib ? 'ok' : 'warning', `${ramGib} GiB`, `${needs.ramGib} GiB`, 'Only small models fit, so there are fewer tasks to earn with. Close other programs while it serves, or add memory.'),
    diskRule(diskFreeBytes),
    gpuRule(hardware),
    clockRule(clockOffsetMs),
    rule('sqlite', sqliteVersion === null ? 'failed' : 'ok', sqliteVersion === null ? 'missing' : `built in (SQLite ${sqliteVersion})`, 'built in', 'Without it no work and no earnings can be recorded, so the node cannot serve. Install this application again; if you start it with a Node.js of your own, use version 22.13 or newer.'),
  ];
}

function diskRule(freeBytes: number | null): MachineRule {
  const needed = `${needs.diskGib} GiB free`;
  if (freeBytes === null) return rule('disk', 'warning', 'not known', needed, 'Nobody can tell whether a model fits. Check that the disk with the data folder is connected, then run this check again.');
  const freeGib = Math.floor(freeBytes / 2 ** 30);
  // Under one GiB the database itself may fail to write.
  const status = freeGib >= needs.diskGib ? 'ok' : freeGib >= 1 ? 'warning' : 'failed';
  return rule('disk', status, `${freeGib} GiB free`, needed, diskFix(status === 'failed'));
}

function gpuRule({ gpus, gpuSource }: Hardware): MachineRule {
  const needed = 'a graphics card with its driver, to earn more';
  if (gpus.length > 0) {
    const found = gpus.map(({ model, vramTotalMib, driver }) => `${model}${vramTotalMib === null ? '' : `, ${gibOfMib(vramTotalMib)} GiB`}${driver === null ? '' : `, driver ${driver}`}`);
    return rule('gpu', 'ok', found.join('; '), needed, '');
  }
  if (gpuSource.kind === 'failed') return rule('gpu', 'warning', `an NVIDIA driver that does not answer (${gpuSource.detail})`, needed, 'The processor works meanwhile: that is slower and earns less. Install the newest driver from NVIDIA, restart the computer, then run this check again.');
  return rule('gpu', 'warning', 'none; the processor does the work', needed, 'That is slower and earns less. If there is a card in this computer, install the newest driver from its maker, restart, then run this check again.');
}

/** "ts may differ from the receiver's clock by at most 90 s" (coordinator.md 3). */
const clockFix = (isRefused: boolean): string =>
  `${clockCost(isRefused)} Switch on automatic time in the date and time settings of this computer, then run this check again.`;

function clockRule(offsetMs: number | null): MachineRule {
  const needed = `within ${linkLimits.maxClockSkewMs / 1000} s of the network`;
  if (offsetMs === null) return rule('clock', 'warning', 'not compared yet', needed, 'Nothing to do: it is compared by itself as soon as the network answers.');
  const offset = Math.abs(offsetMs);
  const status = offset > linkLimits.maxClockSkewMs ? 'failed' : offset > clockWarnMs ? 'warning' : 'ok';
  return rule('clock', status, `${(offset / 1000).toFixed(1)} s ${offsetMs < 0 ? 'behind' : 'ahead'}`, needed, clockFix(status === 'failed'));
}
