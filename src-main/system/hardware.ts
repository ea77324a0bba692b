/** What the machine is made of, as detected: the type that manifest and machine check are built from (coordinator.md 2). */

/** One GPU as nvidia-smi tells of it; null where it does not. */
export type Gpu = {
  uuid: string;
  model: string;
  driver: string | null;
  vramTotalMib: number | null;
  vramUsedMib: number | null;
  utilPct: number | null;
  tempC: number | null;
  powerW: number | null;
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
