/** Apple's built-in GPU from ioreg: its load and memory; temperature and power are told to the administrator alone (issue: Hardware, "Apple as far as its tools tell"). */
import type { Gpu } from './hardware.ts';

/** Arguments whose output {@link parseIoreg} reads. */
export const ioregArguments = ['-r', '-d', '1', '-w', '0', '-c', 'IOAccelerator'] as const;

/** Reads the accelerators: one entry begins with "+-o". The memory is the machine's own, so that no size is given. */
export function parseIoreg(output: string): Gpu[] {
  return output
    .split(/^\+-o /m)
    .slice(1)
    .flatMap((entry, index): Gpu[] => {
      const model = /"model" = "([^"]+)"/.exec(entry)?.[1];
      const figure = (name: string): number | null => {
        const found = new RegExp(`"${name}"\\s*=\\s*(\\d+)`).exec(entry)?.[1];
        return found === undefined ? null : Number(found);
      };
      if (model === undefined || !/apple/i.test(model)) return [];
      const used = figure('In use system memory');
      return [{
        uuid: `apple-${index}`, vendor: 'apple', tool: 'ioreg', model, driver: null, vramTotalMib: null, vramUsedMib: used === null ? null : Math.round(used / 2 ** 20),
        utilPct: figure('Device Utilization %'), tempC: null, powerW: null, powerLimitW: null, computeCapability: null,
      }];
    });
}
