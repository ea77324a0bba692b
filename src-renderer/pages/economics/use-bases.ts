/** What the fiat figures of the page rest on, in words, with the last rate of their coin (product.md, Economics: a configurable price source). */
import { useTranslation } from 'react-i18next';
import type { EconomicsView } from '../../../src-shared/bridge/economics.ts';
import { suiCoin } from '../../../src-shared/domain/amounts.ts';
import type { FiatBasis } from './fiat-amount.tsx';

/** By figure. */
export type Bases = Record<'gross' | 'power' | 'gas' | 'net', FiatBasis>;

/** Composes them. */
export function useBases({ rates, coin }: Pick<EconomicsView, 'rates' | 'coin'>): Bases {
  const { t } = useTranslation();
  const how = t('economics.worth.days');
  return {
    gross: { how, rate: { of: rates.coin, symbol: coin.symbol } },
    gas: { how, rate: { of: rates.sui, symbol: suiCoin.symbol } },
    power: { how: t('economics.worth.power') },
    net: { how: t('economics.worth.net') },
  };
}
