/** The stack a request names, read from the chain when this node does not know it; few such reads at once, and none again for one that is not there, so that strangers cannot keep the chain busy. */
import { IngressRefusal } from './answers.ts';
import type { IngressChain, IngressDeps, IngressStack } from './types.ts';

const maxReads = 4;
const rememberMs = 10_000;
const maxRemembered = 1_000;

/** Creates the finder. */
export function createStackFinder({ chain, now, log }: { chain: IngressChain } & Pick<IngressDeps, 'now' | 'log'>): (id: bigint, txDigest: string | null) => Promise<IngressStack> {
  const missing = new Map<bigint, number>();
  let reads = 0;
  const unknown = new IngressRefusal('AUTH_ERROR', 'No such stack is known. If it was bought a moment ago, try again.');

  return async (id, txDigest) => {
    const known = chain.stack(id);
    if (known !== null) return known;
    if (txDigest === null) throw new IngressRefusal('MISSING_HEADER', 'X-Tx-Digest is missing: this node does not know the stack yet.');
    if ((missing.get(id) ?? 0) > now()) throw unknown;
    if (reads >= maxReads) throw new IngressRefusal('CHAT_COMPLETIONS_SERVICE_UNAVAILABLE', 'Other purchases are being looked up. Try again.');
    reads += 1;
    try {
      // The stack's own object says who bought it and how much: it is the truth that the purchase's event only announced.
      const found = await chain.refreshStack(id);
      if (found !== null) return found;
    } catch (caught) {
      log.warn('ingress.stack_unread', { stackSmallId: id.toString(), error: caught instanceof Error ? caught.name : 'unknown' });
      throw new IngressRefusal('CHAT_COMPLETIONS_SERVICE_UNAVAILABLE', 'The chain does not answer. Try again.');
    } finally {
      reads -= 1;
    }
    if (missing.size >= maxRemembered) missing.clear();
    missing.set(id, now() + rememberMs);
    throw unknown;
  };
}
