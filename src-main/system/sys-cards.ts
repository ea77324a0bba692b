/** Graphics cards as Linux shows them in /sys/class/drm; files that are not there tell nothing and cost nothing. */
import { readdir, readFile, realpath } from 'node:fs/promises';
import { basename, join } from 'node:path';

/** Reads below one folder; null and an empty list for what is not there. */
export type ReadSys = { text(path: string): Promise<string | null>; list(path: string): Promise<string[]>; real(path: string): Promise<string | null> };

/** ReadSys over a folder, which is /sys/class/drm on a real machine. */
export const sysReader = (root: string): ReadSys => ({
  text: async (path) => {
    const text = await readFile(join(root, path), 'utf8').catch(() => ''); // absent or not told by this driver
    return text.trim() === '' ? null : text.trim();
  },
  list: (path) => readdir(join(root, path)).catch(() => []),
  real: (path) => realpath(join(root, path)).catch(() => null),
});

/** One card: its folder under the root, its device id, its place on the bus. */
export type SysCard = { card: string; path: string; device: string; slot: string };

/** Cards of one PCI vendor ("0x1002"). */
export async function cardsOf(sys: ReadSys, vendor: string): Promise<SysCard[]> {
  const names = (await sys.list('')).filter((name) => /^card\d+$/.test(name)).sort();
  const found = await Promise.all(
    names.map(async (card) => {
      const path = `${card}/device`;
      if ((await sys.text(`${path}/vendor`)) !== vendor) return [];
      const [device, uevent, real] = await Promise.all([sys.text(`${path}/device`), sys.text(`${path}/uevent`), sys.real(path)]);
      const slot = /PCI_SLOT_NAME=(\S+)/.exec(uevent ?? '')?.[1] ?? (real === null ? card : basename(real));
      return [{ card, path, device: device ?? 'unknown', slot }];
    }),
  );
  return found.flat();
}

/** A number in a file; null when there is none. */
export async function figureOf(sys: ReadSys, path: string): Promise<number | null> {
  const text = await sys.text(path);
  const value = text === null ? Number.NaN : Number(text);
  return Number.isFinite(value) ? value : null;
}

/** A number of the card's sensors, the first of its hwmon folders that has it. */
export async function hwmonFigure(sys: ReadSys, devicePath: string, file: string): Promise<number | null> {
  for (const folder of await sys.list(`${devicePath}/hwmon`)) {
    const value = await figureOf(sys, `${devicePath}/hwmon/${folder}/${file}`);
    if (value !== null) return value;
  }
  return null;
}
