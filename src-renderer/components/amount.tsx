/** An amount: figure and coin, with exact base units, source and age on hover or focus; unknown is a dash with its reason (product.md, "Rules"). */
import { Clock } from 'lucide-react';
import { useContext } from 'react';
import { useTranslation } from 'react-i18next';
import type { Coin } from '../../src-shared/domain/amounts.ts';
import { baseUnitsText, formatUnits } from '../format/amount.ts';
import { agoText, isStale } from '../format/time.ts';
import { HoverCard } from './hover-card.tsx';
import { ReadAt } from './read-at.ts';
import { useNow } from './use-now.ts';

/** Where a figure comes from. */
export type Source = 'chain' | 'local' | 'coordinator';
/** A value with its origin, as the bridge hands it over. */
export type Reading<T> = { value: T | null; source: Source; readAtMs: number | null };

/** How long a figure counts as fresh, by its source. */
export const freshMs: Record<Source, number> = { chain: 120_000, local: 3_600_000, coordinator: 120_000 };

/** Characters from which a large figure is set smaller, so that it stays within its card. */
const longFrom = 7;

/** A dash with the reason why there is no figure. */
export function Unknown({ reason }: { reason: string }) {
  const { t } = useTranslation();
  return (
    <HoverCard card={reason}>
      <span aria-hidden="true">—</span>
      <span className="sr-only">{t('amount.unknown', { reason })}</span>
    </HoverCard>
  );
}

function AmountCard(props: {
  value: bigint;
  coin: Coin;
  source: Source;
  readAtMs: number | null;
  bookedAtMs: number | null;
  nowMs: number;
}) {
  const { t } = useTranslation();
  const { value, coin } = props;
  return (
    <>
      <span>{t('amount.exact', { amount: formatUnits(value, coin.decimals).exact, coin: coin.symbol })}</span>
      <span>{t('amount.baseUnits', { units: baseUnitsText(value) })}</span>
      <span className="muted">
        {t(`amount.source.${props.source}`)}
        {props.bookedAtMs !== null
          ? ` · ${t('amount.booked', { ago: agoText(props.bookedAtMs, props.nowMs) })}`
          : props.readAtMs !== null && ` · ${t('amount.read', { ago: agoText(props.readAtMs, props.nowMs) })}`}
      </span>
    </>
  );
}

/**
 * A known or unknown amount. `reason` says why it may be unknown. `signed` writes a plus before a gain. What this computer counted
 * is as old as the read it stands in; `bookedAtMs` is for what is final and does not grow old.
 */
export function Amount(props: {
  value: bigint | null;
  coin: Coin;
  source?: Source;
  readAtMs?: number | null;
  bookedAtMs?: number | null;
  reason?: string;
  size?: 'large' | 'medium';
  signed?: boolean;
}) {
  const { t } = useTranslation();
  const nowMs = useNow(10_000);
  const shownAtMs = useContext(ReadAt);
  const { value, coin, source = 'local', bookedAtMs = null } = props;
  const readAtMs = props.readAtMs ?? (source === 'local' && props.readAtMs === undefined ? shownAtMs : null);
  if (value === null) {
    return (
      <span className={`amount ${props.size ?? ''}`}>
        <Unknown reason={props.reason ?? t('amount.notRead')} />
      </span>
    );
  }
  const stale = isStale(readAtMs, nowMs, freshMs[source]);
  const { figure } = formatUnits(value, coin.decimals);
  const length = figure.length > longFrom ? 'long' : '';
  return (
    <HoverCard
      className={`amount ${props.size ?? ''} ${length}`}
      card={<AmountCard {...{ value, coin, source, readAtMs, bookedAtMs, nowMs }} />}
    >
      <span>
        {props.signed === true && value > 0n ? '+' : ''}
        {figure}
      </span>
      <span className="amount-coin">{coin.symbol}</span>
      {stale && <Clock size={13} role="img" aria-label={t('amount.stale')} />}
    </HoverCard>
  );
}

/** An amount that was read, with its own source and age. */
export function ReadAmount(props: {
  reading: Reading<bigint>;
  coin: Coin;
  reason?: string;
  size?: 'large' | 'medium';
}) {
  const { reading, ...rest } = props;
  return <Amount {...rest} value={reading.value} source={reading.source} readAtMs={reading.readAtMs} />;
}
