/** Decides whether a hello is welcome: the checks of coordinator.md 3 in their order, each stage only when the one before held. */
import { linkLimits, type RefusedCode } from '../../../src-shared/link/codes.ts';

/** A refusal; the message is for the operator. */
export type Refusal = { readonly code: RefusedCode; readonly message: string };

const refuse = (code: RefusedCode, message: string): Refusal => ({ code, message });

/** What the manifest itself proves. */
export type ManifestFacts = {
  /** First thing the schema objects to; null when it fits. */
  readonly schemaFault: string | null;
  readonly nodeIdDerives: boolean;
  readonly signatureHolds: boolean;
  readonly walletSignatureHolds: boolean;
  readonly issuedAtMs: number;
  readonly nowMs: number;
};

/** Schema, node_id derivation, manifest signature, wallet_sig, issued_at: all `bad_manifest`. */
export function judgeManifest(facts: ManifestFacts): Refusal | null {
  if (facts.schemaFault !== null) return refuse('bad_manifest', `the manifest does not fit its schema: ${facts.schemaFault}`);
  if (!facts.nodeIdDerives) return refuse('bad_manifest', 'node_id is not the hash of a 3072-bit pubkey_rsa');
  if (!facts.signatureHolds) return refuse('bad_manifest', 'the RSA signature does not fit the manifest');
  if (!facts.walletSignatureHolds) return refuse('bad_manifest', 'wallet_sig is not the wallet’s signature of this binding');
  // "more than 24 h old or 90 s ahead is refused" (coordinator.md 2)
  if (facts.nowMs - facts.issuedAtMs > linkLimits.maxManifestAgeMs) return refuse('bad_manifest', 'issued_at is more than 24 h old');
  if (facts.issuedAtMs - facts.nowMs > linkLimits.maxClockSkewMs) return refuse('bad_manifest', 'issued_at is more than 90 s ahead');
  return null;
}

/** What the hello around the manifest proves. */
export type HelloFacts = { readonly ts: number; readonly nowMs: number; readonly nonceFits: boolean; readonly signatureHolds: boolean };

/** ts (`clock_skew`), then nonce and hello signature (`bad_signature`). */
export function judgeHello(facts: HelloFacts): Refusal | null {
  if (Math.abs(facts.nowMs - facts.ts) > linkLimits.maxClockSkewMs) return refuse('clock_skew', `ts is ${facts.ts - facts.nowMs} ms away from this clock`);
  if (!facts.nonceFits) return refuse('bad_signature', 'nonce is not the one of this challenge');
  if (!facts.signatureHolds) return refuse('bad_signature', 'sig is not the liveness key’s signature of this hello');
  return null;
}

/** What the chain says of the wallet's nodes: disabled for good, but its collateral still waits, is `in_cooldown`. */
export type Standing =
  | { readonly kind: 'not_registered' }
  | { readonly kind: 'disabled' }
  | { readonly kind: 'in_cooldown' }
  | { readonly kind: 'enabled'; readonly nodeSmallIds: readonly bigint[] };

/** The wallet must hold a registered, enabled node on chain. */
export function judgeStanding(standing: Standing): Refusal | null {
  switch (standing.kind) {
    case 'enabled':
      return null;
    case 'not_registered':
      return refuse('not_registered', 'the wallet holds no node on this chain');
    case 'disabled':
      return refuse('disabled', 'the wallet’s node is disabled');
    case 'in_cooldown':
      return refuse('in_cooldown', 'the wallet’s node was disabled and waits for its collateral');
  }
}

/** What the coordinator itself knows. */
export type BindingFacts = {
  readonly nodeId: string;
  /** node_id of the wallet's newest valid manifest; null for a new wallet. */
  readonly boundNodeId: string | null;
  /** Whether that node_id has a live session or an awaited task. */
  readonly boundIsActive: boolean;
  readonly clientVersion: string;
  readonly oldestVersion: string;
};

/** Another node_id with the same wallet (`sybil`), then the client's version. */
export function judgeBinding(facts: BindingFacts): Refusal | null {
  if (facts.boundNodeId !== null && facts.boundNodeId !== facts.nodeId && facts.boundIsActive) {
    return refuse('sybil', 'another node_id of this wallet is connected or has work');
  }
  if (isOlder(facts.clientVersion, facts.oldestVersion)) return refuse('version_unsupported', `the oldest supported client is ${facts.oldestVersion}`);
  return null;
}

/** Compares the three numbers of two semantic versions; a pre-release counts as its release. */
export function isOlder(version: string, than: string): boolean {
  const numbers = (text: string): number[] => (text.split(/[-+]/)[0] ?? '').split('.').map(Number);
  const [a, b] = [numbers(version), numbers(than)];
  const differs = [0, 1, 2].find((place) => (a[place] ?? 0) !== (b[place] ?? 0));
  return differs !== undefined && (a[differs] ?? 0) < (b[differs] ?? 0);
}
