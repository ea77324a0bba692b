/** AMD's cards: from the files of the amdgpu driver, or from rocm-smi where those cannot be seen (issue: Hardware, "AMD as far as its tools tell"). */
import { z } from 'zod';
import type { Gpu } from './hardware.ts';
import { cardsOf, figureOf, hwmonFigure, type ReadSys } from './sys-cards.ts';

const mib = (bytes: number | null): number | null => (bytes === null ? null : Math.round(bytes / 2 ** 20));

/** Cards that the amdgpu driver runs. */
export async function amdCards(sys: ReadSys): Promise<Gpu[]> {
  const cards = await cardsOf(sys, '0x1002');
  return Promise.all(
    cards.map(async ({ path, device, slot }): Promise<Gpu> => {
      const [name, busy, total, used, temp, average, input, cap] = await Promise.all([
        sys.text(`${path}/product_name`),
        figureOf(sys, `${path}/gpu_busy_percent`),
        figureOf(sys, `${path}/mem_info_vram_total`),
        figureOf(sys, `${path}/mem_info_vram_used`),
        hwmonFigure(sys, path, 'temp1_input'),
        hwmonFigure(sys, path, 'power1_average'),
        hwmonFigure(sys, path, 'power1_input'),
        hwmonFigure(sys, path, 'power1_cap'),
      ]);
      const watts = average ?? input; // newer chips have the second one alone
      return {
        uuid: slot, vendor: 'amd', tool: 'amdgpu', model: name ?? `AMD graphics ${device}`, driver: 'amdgpu', vramTotalMib: mib(total), vramUsedMib: mib(used), utilPct: busy,
        tempC: temp === null ? null : temp / 1_000, powerW: watts === null ? null : watts / 1e6, powerLimitW: cap === null ? null : cap / 1e6, computeCapability: null,
      };
    }),
  );
}

/** Arguments whose output {@link parseRocmSmi} reads. */
export const rocmSmiArguments = ['--showproductname', '--showuniqueid', '--showuse', '--showmeminfo', 'vram', '--showtemp', '--showpower', '--showmaxpower', '--json'] as const;

const rocmSchema = z.record(z.string(), z.record(z.string(), z.union([z.string(), z.number()])));
const known = (value: string | number | undefined): string | null => (value === undefined || /^\s*(N\/A.*|)$/i.test(String(value)) ? null : String(value).trim());

/** Reads rocm-smi's JSON. Versions name the same thing differently, so keys are matched by what they say; what a version leaves out is null. A warning before the JSON is passed over. */
export function parseRocmSmi(output: string): Gpu[] {
  const begin = output.indexOf('{');
  if (begin < 0) return [];
  let parsed: unknown;
  try {
    parsed = JSON.parse(output.slice(begin));
  } catch {
    return [];
  }
  const cards = rocmSchema.safeParse(parsed);
  if (!cards.success) return [];
  return Object.entries(cards.data).flatMap(([card, fields]): Gpu[] => {
    if (!/^card\d+$/.test(card)) return [];
    const find = (...patterns: RegExp[]): string | null => {
      for (const pattern of patterns) {
        const value = known(Object.entries(fields).find(([key, one]) => pattern.test(key) && known(one) !== null)?.[1]);
        if (value !== null) return value;
      }
      return null;
    };
    const figure = (...patterns: RegExp[]): number | null => {
      const value = Number(find(...patterns) ?? Number.NaN);
      return Number.isFinite(value) ? value : null;
    };
    return [{
      uuid: find(/^unique id$/i) ?? card, vendor: 'amd', tool: 'rocm-smi', model: find(/^card series$/i, /^device name$/i, /^card model$/i) ?? 'AMD graphics', driver: null,
      vramTotalMib: mib(figure(/^vram total memory/i)), vramUsedMib: mib(figure(/^vram total used memory/i)), utilPct: figure(/^gpu use/i),
      tempC: figure(/sensor edge/i, /sensor junction/i, /temperature/i), powerW: figure(/^(average|current).*power \(w\)/i), powerLimitW: figure(/^max graphics package power/i), computeCapability: null,
    }];
  });
}
