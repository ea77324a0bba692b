/** What a price would have earned on the stacks that buyers bought lately: who would have been drawn, how often, and for how much (protocol.md 5.4, 5.5). */

/** A purchase: the buyer's cap, and the units bought. */
export type BoughtStack = { readonly price: bigint; readonly computeUnits: bigint };
/** A node's offer. */
export type NodeOffer = { readonly nodeSmallId: bigint; readonly price: bigint; readonly maxComputeUnits: bigint };
/** How the contract pays: units per price, and the factor under sampling consensus in permille (1000 otherwise). */
export type PayTerms = { readonly priceUnit: bigint; readonly factorPermille: bigint };

/** The outcome of one offer on the stacks that were looked at. */
export type LabResult = {
  readonly stacks: number;
  /** Stacks for which the offer would have been in the draw. */
  readonly eligible: number;
  /** Stacks it would have got on average, by equal chances among the nodes in each draw. */
  readonly expected: number;
  /** What those would have paid on average, in base units, rounded down; a node is paid the buyer's cap, not its own price. */
  readonly pay: bigint;
};

/** Fine enough that averages over 64 nodes lose no base unit that matters, and far from any float. */
const scale = 10n ** 9n;

const isDrawn = (offer: Pick<NodeOffer, 'price' | 'maxComputeUnits'>, stack: BoughtStack): boolean =>
  offer.price <= stack.price && offer.maxComputeUnits >= stack.computeUnits;
const payOf = (stack: BoughtStack, { priceUnit, factorPermille }: PayTerms): bigint =>
  (stack.price * stack.computeUnits * factorPermille) / (1_000n * priceUnit);

/** Tries one offer. `rivals` are the other nodes' offers; this node's own present one is not among them. */
export function tryOffer(
  offer: Pick<NodeOffer, 'price' | 'maxComputeUnits'>,
  stacks: readonly BoughtStack[],
  rivals: readonly NodeOffer[],
  terms: PayTerms,
): LabResult {
  let eligible = 0;
  let chances = 0n;
  let pay = 0n;
  for (const stack of stacks) {
    if (!isDrawn(offer, stack)) continue;
    const inDraw = 1n + BigInt(rivals.filter((rival) => isDrawn(rival, stack)).length);
    eligible += 1;
    chances += scale / inDraw;
    pay += (payOf(stack, terms) * scale) / inDraw;
  }
  return { stacks: stacks.length, eligible, expected: Number(chances) / Number(scale), pay: pay / scale };
}

/** Prices worth comparing: every cap that was named, highest first, at most `count` of them spread evenly. */
export function candidatePrices(stacks: readonly BoughtStack[], count: number): bigint[] {
  const caps = [...new Set(stacks.map((stack) => stack.price))].sort((a, b) => (a < b ? 1 : a > b ? -1 : 0));
  if (caps.length <= count) return caps;
  return Array.from({ length: count }, (_, index) => caps[Math.round((index * (caps.length - 1)) / (count - 1))] ?? 0n);
}
