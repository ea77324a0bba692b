/** Intel's graphics: from the files of the i915 and xe drivers, with the gauges of xpu-smi where it is installed (issue: Hardware, "Intel as far as its tools tell"). */
import { z } from 'zod';
import type { Gpu } from './hardware.ts';
import { cardsOf, figureOf, hwmonFigure, type ReadSys } from './sys-cards.ts';

const mib = (bytes: number | null): number | null => (bytes === null ? null : Math.round(bytes / 2 ** 20));

/** Intel's cards and built-in graphics. The drivers tell no load, and power only as a counter, so both are unknown here. */
export async function intelCards(sys: ReadSys): Promise<Gpu[]> {
  const cards = await cardsOf(sys, '0x8086');
  return Promise.all(
    cards.map(async ({ card, path, device, slot }): Promise<Gpu> => {
      const [local, uevent, package_, core, cap] = await Promise.all([
        figureOf(sys, `${card}/lmem_total_bytes`),
        sys.text(`${path}/uevent`),
        hwmonFigure(sys, path, 'temp2_input'), // xe: 2 is the package, 1 is not there
        hwmonFigure(sys, path, 'temp1_input'),
        hwmonFigure(sys, path, 'power1_max'),
      ]);
      const temp = package_ ?? core;
      return {
        uuid: slot, vendor: 'intel', tool: 'intel', model: `Intel graphics ${device}`, driver: /^DRIVER=(\S+)/m.exec(uevent ?? '')?.[1] ?? null, vramTotalMib: mib(local), vramUsedMib: null, utilPct: null,
        tempC: temp === null ? null : temp / 1_000, powerW: null, powerLimitW: cap === null ? null : cap / 1e6, computeCapability: null,
      };
    }),
  );
}

/** Arguments whose outputs {@link parseXpuSmi} reads: names as JSON, gauges as CSV (0 load, 1 power, 3 temperature, 18 memory used). */
export const xpuDiscoveryArguments = ['discovery', '-j'] as const;
export const xpuDumpArguments = ['dump', '-d', '-1', '-m', '0,1,3,18', '-n', '1'] as const;

const deviceSchema = z.object({ device_id: z.number(), device_name: z.string(), pci_bdf_address: z.string().optional(), uuid: z.string().optional(), memory_physical_size_byte: z.union([z.string(), z.number()]).optional() });
const discoverySchema = z.object({ device_list: z.array(deviceSchema) });

/** Reads both outputs; gauges are found by their heading, since versions order them differently. */
export function parseXpuSmi(discovery: string, dump: string): Gpu[] {
  let devices: z.infer<typeof deviceSchema>[];
  try {
    devices = discoverySchema.parse(JSON.parse(discovery)).device_list;
  } catch {
    return []; // an error in words, or no device
  }
  const [heading = [], ...rows] = dump.split(/\r?\n/).filter((line) => line.includes(',')).map((line) => line.split(',').map((cell) => cell.trim()));
  const at = (pattern: RegExp): number => heading.findIndex((cell) => pattern.test(cell));
  const columns = { id: at(/^device ?id$/i), load: at(/gpu utilization/i), power: at(/gpu power/i), temp: at(/core temperature/i), used: at(/memory used \(mib\)/i) };
  return devices.map((device): Gpu => {
    const row = rows.find((cells) => Number(cells[columns.id]) === device.device_id) ?? [];
    const figure = (index: number): number | null => {
      const cell = row[index];
      const value = cell === undefined || cell === '' ? Number.NaN : Number(cell);
      return Number.isFinite(value) ? value : null;
    };
    const size = Number(device.memory_physical_size_byte ?? Number.NaN);
    return {
      uuid: device.pci_bdf_address ?? device.uuid ?? `xpu-${device.device_id}`, vendor: 'intel', tool: 'xpu-smi', model: device.device_name, driver: null, vramTotalMib: mib(Number.isFinite(size) ? size : null),
      vramUsedMib: figure(columns.used), utilPct: figure(columns.load), tempC: figure(columns.temp), powerW: figure(columns.power), powerLimitW: null, computeCapability: null,
    };
  });
}
