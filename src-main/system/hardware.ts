/** What the machine is made of, as detected: the type that manifest and machine check are built from (coordinator.md 2). */

/** Who made a GPU; `simulated` is the sandbox's fault, and no device. */
export type GpuVendor = 'nvidia' | 'amd' | 'intel' | 'apple' | 'simulated';
/** What told of a GPU. */
export type GpuTool = 'nvidia-smi' | 'amdgpu' | 'rocm-smi' | 'intel' | 'xpu-smi' | 'ioreg' | 'simulated';

/** One GPU as its vendor's tool tells of it; null where it does not. */
export type Gpu = {
  /** The vendor's own id, or the place on the bus: stays over restarts. */
  uuid: string;
  vendor: GpuVendor;
  tool: GpuTool;
  model: string;
  driver: string | null;
  vramTotalMib: number | null;
  vramUsedMib: number | null;
  utilPct: number | null;
  tempC: number | null;
  powerW: number | null;
  /** The driver's power cap. */
  powerLimitW: number | null;
  computeCapability: string | null;
};

/** Why there is no GPU in the list, where there is none. */
export type GpuSource = { kind: 'nvidia-smi' } | { kind: 'not_installed' } | { kind: 'failed'; detail: string };

/** One detection. Bytes are exact; rounding to GiB is the manifest's. */
export type Hardware = {
  cpu: { model: string; /** Logical cores. */ cores: number };
  ramBytes: number;
  /** Free bytes where the data folder lies; null when the system does not tell. */
  diskFreeBytes: number | null;
  gpus: readonly Gpu[];
  gpuSource: GpuSource;
};

/** Bytes as whole GiB, rounded: the unit of the manifest. */
export const gibOf = (bytes: number): number => Math.round(bytes / 2 ** 30);
/** MiB as whole GiB, rounded. */
export const gibOfMib = (mib: number): number => Math.round(mib / 1024);

/** Memory of its own from which on a card counts in the manifest where its vendor builds graphics into processors too. */
const ownMemoryMib = 2_048;

/** Cards that can be offered: those of NVIDIA, and others with memory of their own; graphics inside a processor make no tier. */
export const offeredGpus = (gpus: readonly Gpu[]): Gpu[] => gpus.filter(({ vendor, vramTotalMib }) => vendor === 'nvidia' || (vendor !== 'simulated' && (vramTotalMib ?? 0) >= ownMemoryMib));
