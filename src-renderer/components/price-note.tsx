/** What the prices of a table are counted in: a price of one unit is too small to be read in whole coins (product.md, "Every amount carries its coin"). */
import { useTranslation } from 'react-i18next';
import type { Coin } from '../../src-shared/domain/amounts.ts';
import { countText } from '../format/amount.ts';
import type { OfferTerms } from './offer.ts';
import { Term } from './term.tsx';

/** The line above or below such a table. */
export function PriceNote({ coin, terms }: { coin: Coin; terms: Pick<OfferTerms, 'priceUnit'> }) {
  const { t } = useTranslation();
  const whole = countText(10n ** BigInt(coin.decimals));
  return (
    <p className="hint">
      {terms.priceUnit === 1n
        ? t('tasks.priceNote.one', { coin: coin.symbol, whole })
        : t('tasks.priceNote.many', { coin: coin.symbol, whole, units: countText(terms.priceUnit) })}{' '}
      <Term name="computeUnit" />
    </p>
  );
}
