/** Tells the proxy that keeps the list of nodes where this one is reached, signed by the wallet that registered it (protocol.md 7.9, POST /v1/nodes). */
import type { IngressSettings } from '../../src-shared/bridge/ingress-calls.ts';
import { AppError } from '../../src-shared/errors.ts';
import type { IngressDeps } from './types.ts';

const timeoutMs = 10_000;

/** Announces once. @throws AppError ingress.not_announced */
export async function announce({ publicUrl, country, announceTo }: IngressSettings, { chain, keys, fetch }: Pick<IngressDeps, 'chain' | 'keys' | 'fetch'>): Promise<void> {
  const nodeSmallId = chain.nodeSmallId();
  const refuse = (detail: string, cause?: unknown): AppError => new AppError('ingress.not_announced', { detail }, { cause });
  if (publicUrl === null || country === null || announceTo === null) throw refuse('the public address, the country or the list is not set');
  if (nodeSmallId === null) throw refuse('the node is not registered');
  if (nodeSmallId > BigInt(Number.MAX_SAFE_INTEGER)) throw refuse('the number of the node is too large for JSON');
  // "signature over BLAKE2b-256 of the JSON of `data` in that field order"
  const data = { node_small_id: Number(nodeSmallId), public_address: publicUrl, country };
  const { signature } = await keys.signJson(JSON.stringify(data));
  let response: Response;
  try {
    response = await fetch(`${announceTo.replace(/\/+$/, '')}/v1/nodes`, {
      method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ data, signature }), redirect: 'error', signal: AbortSignal.timeout(timeoutMs),
    });
  } catch (caught) {
    throw refuse('the list does not answer', caught);
  }
  await response.body?.cancel();
  if (!response.ok) throw refuse(`the list answered ${response.status}`);
}
