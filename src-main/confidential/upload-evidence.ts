/** Gives the evidence of a key to the network's proxy, where buyers read it: PUT /v1/update_node_attestation (protocol.md 7.7, "Sent (a) to P"). */
import { AppError } from '../../src-shared/errors.ts';

/** What is sent, and where to. */
export type EvidenceUpload = { nodeSmallId: bigint; /** As it stands on chain. */ compressed: Uint8Array; /** Address of the proxy. */ proxy: string; simulated: boolean };
type Deps = { signEvidence(nodeSmallId: bigint, compressed: Uint8Array): Promise<string>; fetch: typeof globalThis.fetch };

const timeoutMs = 10_000;
const loopback: readonly string[] = ['localhost', '127.0.0.1', '[::1]'];

/**
 * Sends it once; the caller logs what fails, since the chain has the evidence too.
 * @throws AppError confidential.not_uploaded; confidential.refused where a rehearsal would leave this machine
 */
export async function uploadEvidence({ nodeSmallId, compressed, proxy, simulated }: EvidenceUpload, { signEvidence, fetch }: Deps): Promise<void> {
  const refuse = (detail: string, cause?: unknown): AppError => new AppError('confidential.not_uploaded', { detail }, { cause });
  const url = `${proxy.replace(/\/+$/, '')}/v1/update_node_attestation`;
  if (simulated && !loopback.includes(new URL(url).hostname)) throw new AppError('confidential.refused', { detail: 'what a simulated TEE says stays on this machine' });
  if (nodeSmallId > BigInt(Number.MAX_SAFE_INTEGER)) throw refuse('the number of the node is too large for JSON');
  const signature = await signEvidence(nodeSmallId, compressed);
  let response: Response;
  try {
    response = await fetch(url, {
      method: 'PUT',
      headers: { 'content-type': 'application/json', 'X-Signature': signature },
      // The proxy reads bytes as a list of numbers.
      body: JSON.stringify({ node_small_id: Number(nodeSmallId), compressed_evidence: [...compressed] }),
      redirect: 'error',
      signal: AbortSignal.timeout(timeoutMs),
    });
  } catch (caught) {
    throw refuse('the proxy does not answer', caught);
  }
  await response.body?.cancel();
  if (!response.ok) throw refuse(`the proxy answered ${response.status}`);
}
