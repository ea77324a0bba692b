/** Price and limit of a subscription: what may be entered, what it means, what to suggest (protocol.md 5.4; "Price times units" must fit u64). */

const u64Max = 2n ** 64n - 1n;
/** Limit suggested where nothing speaks against it: larger than the stacks that buyers usually buy. */
const suggestedLimit = 1_000_000n;
/** Price suggested where neither a buyer nor another node has named one: 100 base units a unit, or one a unit where prices are per million. */
const firstPrice = ({ priceUnit }: OfferTerms): bigint => (priceUnit === 1n ? 100n : priceUnit);

/** How the contract's generation sells compute units. */
export type OfferTerms = {
  /** Compute units that one price is for. */
  readonly priceUnit: bigint;
  /** Largest stack of every offer where the contract fixes it; null where the node chooses. */
  readonly fixedMaxComputeUnits: bigint | null;
};

/** Terms of G1, for before the network is known. */
export const perUnit: OfferTerms = { priceUnit: 1n, fixedMaxComputeUnits: null };

/** Why an entered number cannot be used. */
export type OfferProblem = 'empty' | 'not_whole' | 'zero' | 'too_large' | 'product_too_large';
/** An offer as entered: numbers where they can be used, else the problem of the field. */
export type Offer = {
  price: bigint | null;
  limit: bigint | null;
  priceProblem: OfferProblem | null;
  limitProblem: OfferProblem | null;
};

function readWhole(text: string): bigint | OfferProblem {
  const trimmed = text.replaceAll(/[\s,_]/g, '');
  if (trimmed === '') return 'empty';
  if (!/^\d{1,30}$/.test(trimmed)) return 'not_whole';
  const value = BigInt(trimmed);
  if (value === 0n) return 'zero';
  return value >= u64Max ? 'too_large' : value;
}

/** Reads both fields; their product must fit the contract's arithmetic too. */
export function readOffer(priceText: string, limitText: string): Offer {
  const price = readWhole(priceText);
  const limit = readWhole(limitText);
  const overflows = typeof price === 'bigint' && typeof limit === 'bigint' && price * limit > u64Max;
  return {
    price: typeof price === 'bigint' ? price : null,
    limit: typeof limit === 'bigint' && !overflows ? limit : null,
    priceProblem: typeof price === 'bigint' ? null : price,
    limitProblem: overflows ? 'product_too_large' : typeof limit === 'bigint' ? null : limit,
  };
}

/** How many of the caps that buyers named lately would have paid this price. */
export const buyersPaying = (price: bigint, caps: readonly bigint[]): number =>
  caps.filter((cap) => cap >= price).length;

/** A price that at least eight of ten recent buyers would have paid, else the cheapest rival's, else a first one. */
export function suggestOffer(
  caps: readonly bigint[],
  rivals: readonly bigint[],
  terms: OfferTerms = perUnit,
): { price: bigint; limit: bigint } {
  const ascending = (list: readonly bigint[]): bigint[] => [...list].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
  const byCaps = ascending(caps)[Math.floor(caps.length / 5)];
  const price = byCaps ?? ascending(rivals)[0] ?? firstPrice(terms);
  const limit = terms.fixedMaxComputeUnits ?? (price * suggestedLimit > u64Max ? u64Max / price : suggestedLimit);
  return { price, limit };
}
