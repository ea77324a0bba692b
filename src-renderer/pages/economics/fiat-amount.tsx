/** A fiat amount with its exact figure, rate, source and age on hover or focus, or a dash with the reason why it is not known (product.md, "Rules"). */
import { useTranslation } from 'react-i18next';
import type { EconomicsView } from '../../../src-shared/bridge/economics.ts';
import { Unknown } from '../../components/amount.tsx';
import { HoverCard } from '../../components/hover-card.tsx';
import { useNow } from '../../components/use-now.ts';
import { fiatText, isLoss } from '../../format/fiat.ts';
import { agoText } from '../../format/time.ts';

/** What an amount rests on: a sentence, and the rate of one coin where there is one. */
export type FiatBasis = { how: string; rate?: { of: EconomicsView['rates']['coin']; symbol: string } };

function Basis({ amount, currency, basis }: { amount: string; currency: string; basis: FiatBasis }) {
  const { t } = useTranslation();
  const nowMs = useNow(10_000);
  const rate = basis.rate?.of ?? null;
  return (
    <>
      <span>{t('amount.exact', { amount, coin: currency })}</span>
      <span className="muted">{basis.how}</span>
      {rate !== null && (
        <span className="muted">
          {t('economics.worth.rate', {
            rate: fiatText(rate.perCoin, rate.currency),
            symbol: basis.rate?.symbol,
            source: rate.source,
            ago: agoText(rate.atMs, nowMs),
          })}
        </span>
      )}
    </>
  );
}

/** `amount` is decimal text; a loss is set in the colour of loss, and has its sign. */
export function Fiat(props: { amount: string | null; currency: string; reason: string; basis: FiatBasis }) {
  const { amount, currency, reason, basis } = props;
  if (amount === null) return <Unknown reason={reason} />;
  return (
    <HoverCard
      className={isLoss(amount) ? 'fiat nowrap loss' : 'fiat nowrap'}
      card={<Basis amount={amount} currency={currency} basis={basis} />}
    >
      {fiatText(amount, currency)}
    </HoverCard>
  );
}
