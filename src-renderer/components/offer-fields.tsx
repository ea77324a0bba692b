/** Price and limit of a subscription with live hints; the limit is only shown where the node chooses it (protocol.md 2.2). */
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Coin } from '../../src-shared/domain/amounts.ts';
import { amountSentence, countText } from '../format/amount.ts';
import { Field } from './field.tsx';
import { buyersPaying, readOffer } from './offer.ts';
import type { Offer, OfferProblem, OfferTerms } from './offer.ts';
import { Term } from './term.tsx';

/** What is entered, and what it reads as. */
export type OfferState = Offer & {
  readonly priceText: string;
  readonly limitText: string;
  setPrice: (text: string) => void;
  setLimit: (text: string) => void;
};

/** Keeps both fields, starting from an offer. */
export function useOffer(start: { price: bigint; limit: bigint }): OfferState {
  const [priceText, setPrice] = useState(start.price.toString());
  const [limitText, setLimit] = useState(start.limit.toString());
  return { ...readOffer(priceText, limitText), priceText, limitText, setPrice, setLimit };
}

function PriceHint({
  price,
  caps,
  coin,
  terms,
}: {
  price: bigint | null;
  caps: readonly bigint[];
  coin: Coin;
  terms: OfferTerms;
}) {
  const { t } = useTranslation();
  if (price === null) return null;
  return (
    <>
      <span>{t('setup.offer.priceMeans', { amount: amountSentence((price * 1_000n) / terms.priceUnit, coin) })} </span>
      <span>
        {caps.length === 0
          ? t('setup.offer.noBuyers')
          : t('setup.offer.buyers', { paying: buyersPaying(price, caps), count: caps.length })}
      </span>
    </>
  );
}

/** The fields. `caps` are the prices that buyers named lately. */
export function OfferFields({
  offer,
  caps,
  coin,
  terms,
}: {
  offer: OfferState;
  caps: readonly bigint[];
  coin: Coin;
  terms: OfferTerms;
}) {
  const { t } = useTranslation();
  const problem = (found: OfferProblem | null): string | null =>
    found === null ? null : t(`setup.offer.problem.${found}`);
  return (
    <>
      <div className="offer">
        <Field
          label={
            terms.priceUnit === 1n
              ? t('setup.offer.price')
              : t('setup.offer.pricePer', { units: countText(terms.priceUnit) })
          }
          inputMode="numeric"
          value={offer.priceText}
          onChange={(event) => offer.setPrice(event.target.value)}
          error={problem(offer.priceProblem)}
          hint={<PriceHint price={offer.price} caps={caps} coin={coin} terms={terms} />}
        />
        {terms.fixedMaxComputeUnits === null && (
          <Field
            label={t('setup.offer.limit')}
            inputMode="numeric"
            value={offer.limitText}
            onChange={(event) => offer.setLimit(event.target.value)}
            error={problem(offer.limitProblem)}
            hint={offer.limit === null ? undefined : t('setup.offer.limitHint', { units: countText(offer.limit) })}
          />
        )}
      </div>
      <p className="hint">
        {t('setup.offer.paid')} <Term name="computeUnit" /> · <Term name="stack" />
      </p>
    </>
  );
}
