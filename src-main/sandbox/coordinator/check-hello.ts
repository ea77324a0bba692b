/** Gathers what a hello proves, stage by stage, and lets {@link judgeManifest} and its followers decide (coordinator.md 2 and 3). */
import { linkLimits } from '../../../src-shared/link/codes.ts';
import { manifestSchema, type Manifest } from '../../../src-shared/link/manifest.ts';
import type { NodeMessage } from '../../../src-shared/link/messages.ts';
import { signedTexts } from '../../../src-shared/link/signed-texts.ts';
import { judgeBinding, judgeHello, judgeManifest, judgeStanding, type Refusal, type Standing } from './judge-hello.ts';
import { isManifestSigned, isSignedBy, nodeIdOf, readNodeKey } from './signatures.ts';

type Hello = Extract<NodeMessage, { type: 'hello' }>;

/** What the checks need to know of this coordinator. */
export type HelloContext = {
  readonly coordinatorId: string;
  readonly nonce: string;
  readonly oldestVersion: string;
  readonly nowMs: number;
  standing(wallet: string): Promise<Standing>;
  boundNode(wallet: string): string | null;
  /** Whether a node_id has a live session or an awaited task. */
  isActive(nodeId: string): boolean;
  /** The live session of this node_id, if any: true when it answers a ping within the limit; else it has been closed. */
  olderAnswers(nodeId: string, timeoutMs: number): Promise<boolean>;
};

/** A node that may come in. */
export type Welcomed = { readonly manifest: Manifest; readonly nodeSmallIds: readonly bigint[] };

/** Checks the manifest alone. */
async function checkManifest(raw: Readonly<Record<string, unknown>>, nowMs: number): Promise<Refusal | Manifest> {
  const parsed = manifestSchema.safeParse(raw);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    const schemaFault = `${issue?.path.join('.') ?? ''} ${issue?.message ?? ''}`.trim();
    return judgeManifest({ schemaFault, nodeIdDerives: false, signatureHolds: false, walletSignatureHolds: false, issuedAtMs: 0, nowMs }) as Refusal;
  }
  const manifest = parsed.data;
  const { node_id: nodeId, wallet_address: walletAddress, liveness_address: livenessAddress } = manifest;
  const key = readNodeKey(manifest.pubkey_rsa);
  const refusal = judgeManifest({
    schemaFault: null,
    nodeIdDerives: key !== null && nodeIdOf(key) === nodeId,
    // Over the fields as they came: unknown ones are part of what was signed.
    signatureHolds: key !== null && isManifestSigned(raw, key),
    walletSignatureHolds: await isSignedBy(walletAddress, signedTexts.bind({ nodeId, livenessAddress, walletAddress }), manifest.wallet_sig),
    issuedAtMs: Date.parse(manifest.issued_at),
    nowMs,
  });
  return refusal ?? manifest;
}

/** Runs all checks of a hello in the order of coordinator.md 3; rejects only when the chain cannot be read. */
export async function checkHello(hello: Hello, context: HelloContext): Promise<Refusal | Welcomed> {
  const { nowMs } = context;
  const manifest = await checkManifest(hello.manifest, nowMs);
  if ('code' in manifest) return manifest;
  const nodeId = manifest.node_id;
  const text = signedTexts.hello({ coordinatorId: context.coordinatorId, nodeId, nonce: context.nonce, ts: hello.ts });
  const signatureHolds = await isSignedBy(manifest.liveness_address, text, hello.sig);
  const unproven = judgeHello({ ts: hello.ts, nowMs, nonceFits: hello.nonce === context.nonce, signatureHolds });
  if (unproven) return unproven;

  const standing = await context.standing(manifest.wallet_address);
  const unfit = judgeStanding(standing);
  if (unfit || standing.kind !== 'enabled') return unfit as Refusal;

  const boundNodeId = context.boundNode(manifest.wallet_address);
  const boundIsActive = boundNodeId !== null && context.isActive(boundNodeId);
  const bound = judgeBinding({ nodeId, boundNodeId, boundIsActive, clientVersion: manifest.client_version, oldestVersion: context.oldestVersion });
  if (bound) return bound;

  // "an older session that answers a ping within 5 s stays and the newcomer is refused; else the older is closed"
  if (await context.olderAnswers(nodeId, linkLimits.pingTimeoutMs)) return { code: 'duplicate_session', message: 'an older session of this node answers' };
  return { manifest, nodeSmallIds: standing.nodeSmallIds };
}
