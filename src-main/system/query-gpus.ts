/** All GPUs of this machine, of whatever vendor; a tool that is not installed is asked again once a minute only (issue: Hardware, "absent tools cost nothing"). */
import type { Gpu, GpuSource, GpuTool } from './hardware.ts';
import { amdCards, parseRocmSmi, rocmSmiArguments } from './amd-gpus.ts';
import { ioregArguments, parseIoreg } from './apple-gpus.ts';
import { intelCards, parseXpuSmi, xpuDiscoveryArguments, xpuDumpArguments } from './intel-gpus.ts';
import { queryGpus, type RunProgram } from './nvidia-smi.ts';
import { sysReader } from './sys-cards.ts';

/** One look at the GPUs. */
export type GpuLook = { gpus: Gpu[]; problems: { tool: GpuTool; detail: string }[]; source: GpuSource };

type Deps = { run: RunProgram; now: () => number; platform: NodeJS.Platform; sysRoot?: string };

const absentForMs = 60_000;
const timeoutMs = 5_000;
const isAbsent = (error: unknown): boolean => error instanceof Error && 'code' in error && error.code === 'ENOENT';

/** Creates the query; it never rejects. */
export function createGpuQuery({ run, now, platform, sysRoot = '/sys/class/drm' }: Deps): () => Promise<GpuLook> {
  const absentUntil = new Map<string, number>();
  /** Runs a tool unless it was absent a short while ago. */
  const sparing: RunProgram = async (file, args, limitMs) => {
    if ((absentUntil.get(file) ?? 0) > now()) throw Object.assign(new Error(`${file} is not installed`), { code: 'ENOENT' });
    try {
      return await run(file, args, limitMs);
    } catch (error) {
      if (isAbsent(error)) absentUntil.set(file, now() + absentForMs);
      throw error;
    }
  };
  const ask = async (tool: GpuTool, query: () => Promise<Gpu[]>): Promise<Pick<GpuLook, 'gpus' | 'problems'>> => {
    try {
      return { gpus: await query(), problems: [] };
    } catch (error) {
      return { gpus: [], problems: isAbsent(error) ? [] : [{ tool, detail: (error instanceof Error ? error.message : String(error)).trim().slice(0, 200) }] };
    }
  };
  const sys = sysReader(sysRoot);
  const amd = async () => {
    const cards = await amdCards(sys);
    return cards.length > 0 ? { gpus: cards, problems: [] } : ask('rocm-smi', async () => parseRocmSmi(await sparing('rocm-smi', rocmSmiArguments, timeoutMs)));
  };
  const intel = async () => {
    const cards = await intelCards(sys);
    if (cards.length === 0) return { gpus: [], problems: [] };
    const told = await ask('xpu-smi', async () => parseXpuSmi(await sparing('xpu-smi', xpuDiscoveryArguments, timeoutMs), await sparing('xpu-smi', xpuDumpArguments, timeoutMs)));
    // The tool knows the cards it manages; built-in graphics are known by their files alone.
    return { gpus: [...told.gpus, ...cards.filter(({ uuid }) => !told.gpus.some((one) => one.uuid === uuid))], problems: told.problems };
  };
  const apple = () => ask('ioreg', async () => parseIoreg(await sparing('ioreg', ioregArguments, timeoutMs)));
  return async () => {
    const others = platform === 'linux' ? [amd(), intel()] : platform === 'darwin' ? [apple()] : [];
    const [{ gpus, source }, ...rest] = await Promise.all([queryGpus(sparing), ...others]);
    const problems = source.kind === 'failed' ? [{ tool: 'nvidia-smi' as const, detail: source.detail }] : [];
    return { gpus: [...gpus, ...rest.flatMap((one) => one.gpus)], problems: [...problems, ...rest.flatMap((one) => one.problems)], source };
  };
}
