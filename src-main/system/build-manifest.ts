/** The capability manifest without its signature, from detected hardware and what the node can run (coordinator.md 2). */
import { hardwareTier, unsignedManifestSchema, type UnsignedManifest } from '../../src-shared/link/manifest.ts';
import type { WorkloadClass } from '../../src-shared/link/codes.ts';
import { gibOf, gibOfMib, offeredGpus, type Gpu, type Hardware } from './hardware.ts';

/** What the manifest says besides hardware. */
export type ManifestFacts = {
  identity: { nodeId: string; walletAddress: string; livenessAddress: string; publicKeyPem: string };
  /** Operator key's signature that binds wallet and node_id. */
  walletSig: string;
  region: string;
  workloadClasses: readonly WorkloadClass[];
  /** `<name>@<revision>`, on disk and verified. */
  models: readonly string[];
  maxParallelSubtasks: number;
  clientVersion: string;
  issuedAtMs: number;
};

/** The manifest's hardware: integer GiB, rounded, equal GPUs counted together, tier by the largest one. */
export function hardwareParts(hardware: Hardware): Pick<UnsignedManifest, 'hardware_tier' | 'cpu' | 'gpu'> {
  const gpu = groupGpus(offeredGpus(hardware.gpus));
  return {
    hardware_tier: hardwareTier(gpu.length === 0 ? null : Math.max(...gpu.map(({ vram_gb: vram }) => vram))),
    cpu: { model: hardware.cpu.model, cores: hardware.cpu.cores, ram_gb: gibOf(hardware.ramBytes) },
    gpu,
  };
}

function groupGpus(gpus: readonly Gpu[]): UnsignedManifest['gpu'] {
  const groups = new Map<string, UnsignedManifest['gpu'][number]>();
  for (const { model, vramTotalMib } of gpus) {
    const vram = gibOfMib(vramTotalMib ?? 0);
    const group = groups.get(`${model}\n${vram}`) ?? { model, count: 0, vram_gb: vram };
    groups.set(`${model}\n${vram}`, { ...group, count: group.count + 1 });
  }
  return [...groups.values()];
}

/** Builds and checks the manifest; throws ZodError when a fact breaks its schema, which is a bug of the caller. */
export function buildManifest(hardware: Hardware, facts: ManifestFacts): UnsignedManifest {
  return unsignedManifestSchema.parse({
    node_id: facts.identity.nodeId,
    wallet_address: facts.identity.walletAddress,
    liveness_address: facts.identity.livenessAddress,
    wallet_sig: facts.walletSig,
    pubkey_rsa: facts.identity.publicKeyPem,
    ...hardwareParts(hardware),
    region: facts.region,
    workload_classes: [...facts.workloadClasses],
    models: [...facts.models],
    max_parallel_subtasks: facts.maxParallelSubtasks,
    client_version: facts.clientVersion,
    issued_at: new Date(facts.issuedAtMs).toISOString(),
  } satisfies Record<keyof UnsignedManifest, unknown>);
}
