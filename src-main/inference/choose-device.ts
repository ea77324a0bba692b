/** Which device runs a model and what must make room for it: pure decisions (product.md, Policies: never a silent fall to the processor; refusal instead of out-of-memory). */
import type { ProbeResult, Provider } from './types.ts';

/** A provider that stands before the one in use in the operator's order and does not work. */
export type Fall = { provider: Provider; reason: string; remedy: string };

/** Providers that onnxruntime-node knows on a platform, the processor first (stack.md 7). */
export function providersOf(platform: NodeJS.Platform): readonly Provider[] {
  if (platform === 'win32') return ['cpu', 'webgpu', 'directml'];
  if (platform === 'darwin') return ['cpu', 'webgpu', 'coreml'];
  return ['cpu', 'webgpu', 'cuda'];
}

/**
 * The order until the operator sets one: what the last check found to work, the fastest first, software drivers left out, and the processor last.
 * Before any check it is the processor alone.
 */
export function defaultOrder(probes: readonly ProbeResult[]): Provider[] {
  const working = probes.filter(({ provider, ok, software }) => ok && provider !== 'cpu' && software !== true);
  const fastest = [...working].sort((a, b) => (b.tokensPerSecond ?? 0) - (a.tokensPerSecond ?? 0));
  return [...fastest.map(({ provider }) => provider), 'cpu'];
}

/** True when webgpu runs on a driver in software: one was named for Vulkan, or Linux has no graphics device at all. */
export function isSoftwareRenderer(env: Readonly<Record<string, string | undefined>>, platform: NodeJS.Platform, graphicsDevices: number): boolean {
  const named = `${env['VK_ICD_FILENAMES'] ?? ''} ${env['VK_DRIVER_FILES'] ?? ''}`;
  return /swiftshader|lvp_icd|lavapipe|llvmpipe/i.test(named) || (platform === 'linux' && graphicsDevices === 0);
}

/** A device as the choice sees it; `freeBytes` null: nobody can tell. */
export type DeviceLoad = {
  id: string;
  running: number;
  freeBytes: number | null;
  models: readonly { id: string; bytes: number; running: number; lastUsedMs: number }[];
};

/** Where a model goes: as it is, or after these idle models were unloaded; or why nowhere. */
export type Placement = { kind: 'place'; device: string; unload: string[] } | { kind: 'refused'; neededBytes: number; freeBytes: number };

/** Idle models to unload, least recently used first, until `needed` bytes are free; null when even all of them do not make the room. */
function makeRoom({ freeBytes, models }: DeviceLoad, needed: number): string[] | null {
  if (freeBytes === null) return [];
  let free = freeBytes;
  const unload: string[] = [];
  for (const model of models.filter(({ running }) => running === 0).sort((a, b) => a.lastUsedMs - b.lastUsedMs)) {
    if (free >= needed) break;
    free += model.bytes;
    unload.push(model.id);
  }
  return free >= needed ? unload : null;
}

/**
 * The device with the least to do on which the model is or fits; among equals one that has it already, then one where nothing must go, then the first.
 */
export function placeModel(modelId: string, neededBytes: number, devices: readonly DeviceLoad[]): Placement {
  const fitting = devices.flatMap((device, index) => {
    const loaded = device.models.some(({ id }) => id === modelId);
    const unload = loaded ? [] : makeRoom(device, neededBytes);
    return unload === null ? [] : [{ device, index, loaded, unload }];
  });
  const [best] = fitting.sort(
    (a, b) => a.device.running - b.device.running || Number(b.loaded) - Number(a.loaded) || a.unload.length - b.unload.length || a.index - b.index,
  );
  if (best) return { kind: 'place', device: best.device.id, unload: best.unload };
  return { kind: 'refused', neededBytes, freeBytes: Math.max(0, ...devices.map(({ freeBytes }) => freeBytes ?? 0)) };
}
