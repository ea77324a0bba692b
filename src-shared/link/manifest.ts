/** The capability manifest a node signs with its RSA key (coordinator.md 2). */
import { z } from 'zod';
import { addressSchema, modelIdSchema, nodeIdSchema } from '../domain/ids.ts';
import { workloadClassSchema } from './codes.ts';

const count = z.number().int().min(0).max(Number.MAX_SAFE_INTEGER);

/** The manifest without its signature: what is canonicalised by RFC 8785 and signed. */
export const unsignedManifestSchema = z.object({
  node_id: nodeIdSchema,
  wallet_address: addressSchema,
  liveness_address: addressSchema,
  /** Operator key's signature of `node-link:bind:<node_id>:<liveness_address>:<wallet_address>`. */
  wallet_sig: z.string().min(1),
  pubkey_rsa: z.string().startsWith('-----BEGIN PUBLIC KEY-----'),
  /** 1 CPU only; 2 largest GPU under 12 GiB; 3 under 40; 4 from 40. */
  hardware_tier: z.number().int().min(1).max(4),
  cpu: z.object({ model: z.string(), cores: count, ram_gb: count }),
  gpu: z.array(z.object({ model: z.string(), count, vram_gb: count })),
  region: z.string().regex(/^[a-z]{2,}(-[a-z0-9]+)*$/),
  workload_classes: z.array(workloadClassSchema),
  models: z.array(modelIdSchema),
  max_parallel_subtasks: z.number().int().min(1).max(64),
  client_version: z.string().regex(/^\d+\.\d+\.\d+(?:[-+][0-9A-Za-z.+-]+)?$/),
  /** RFC 3339 in UTC. */
  issued_at: z.iso.datetime({ offset: false }),
});
export type UnsignedManifest = z.infer<typeof unsignedManifestSchema>;

/** The manifest as it is sent: `signature` is `rsa(0x<hex>)` by RSA-PSS, SHA-256, salt 32. */
export const manifestSchema = unsignedManifestSchema.extend({ signature: z.string().regex(/^rsa\(0x[0-9a-f]+\)$/) });
export type Manifest = z.infer<typeof manifestSchema>;

/** Hardware tier from the largest GPU's memory in GiB; null means no GPU (coordinator.md 2). */
export function hardwareTier(largestGpuGib: number | null): 1 | 2 | 3 | 4 {
  if (largestGpuGib === null) return 1;
  if (largestGpuGib < 12) return 2;
  return largestGpuGib < 40 ? 3 : 4;
}
