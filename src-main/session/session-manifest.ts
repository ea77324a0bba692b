/** Builds and signs the capability manifest for each hello (coordinator.md 2). */
import type { Manifest } from '../../src-shared/link/manifest.ts';
import { buildManifest } from '../system/build-manifest.ts';
import { workloadClassesOf } from './served-work.ts';
import type { SessionParts } from './session-parts.ts';

type Parts = Pick<SessionParts, 'hardware' | 'models' | 'now' | 'signers' | 'switches' | 'version' | 'wasm' | 'manifestSigned'>;

/** A fresh manifest, signed with the node's RSA key. */
export async function signedManifest({ hardware, models, now, signers, switches, version, wasm, manifestSigned }: Parts): Promise<Manifest> {
  const unsigned = buildManifest(hardware, {
    identity: signers.identity,
    walletSig: await signers.walletBinding(),
    region: 'unknown',
    workloadClasses: workloadClassesOf(models(), (wasm?.() ?? null) !== null),
    models: models().map((model) => model.id),
    maxParallelSubtasks: switches.policies().maxParallel,
    clientVersion: version,
    issuedAtMs: now(),
  });
  const manifest = { ...unsigned, signature: await signers.signManifest(unsigned) };
  manifestSigned?.(manifest);
  return manifest;
}
