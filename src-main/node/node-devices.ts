/** What the engine asks of this machine's devices: how many there are, and their free memory, read from the driver at most once in five seconds (product.md, Policies). */
import { freemem } from 'node:os';
import type { Provider } from '../inference/types.ts';
import type { Gpu } from '../system/hardware.ts';

const maxAgeMs = 5_000;
const bytesPerMib = 2 ** 20;

/** Devices by provider. */
export type NodeDevices = {
  /** Cards of CUDA; one for every other provider. */
  deviceCount(provider: Provider): Promise<number>;
  /** Null where the driver does not tell. */
  freeBytes(provider: Provider, index: number): Promise<number | null>;
};

/** Creates the reader over `query`, which tells the cards in the order of their index. */
export function createNodeDevices({ query, now }: { query: () => Promise<{ gpus: readonly Gpu[] }>; now: () => number }): NodeDevices {
  let last: { gpus: Promise<readonly Gpu[]>; atMs: number } | null = null;
  const cards = (): Promise<readonly Gpu[]> => {
    if (last === null || now() - last.atMs >= maxAgeMs) {
      const gpus = query().then((found) => found.gpus);
      last = { gpus, atMs: now() };
    }
    return last.gpus;
  };
  return {
    deviceCount: async (provider) => (provider === 'cuda' ? (await cards()).length : 1),
    freeBytes: async (provider, index) => {
      if (provider === 'cpu') return freemem();
      const card = provider === 'cuda' ? (await cards())[index] : undefined;
      if (card === undefined || card.vramTotalMib === null || card.vramUsedMib === null) return null;
      return (card.vramTotalMib - card.vramUsedMib) * bytesPerMib;
    },
  };
}
