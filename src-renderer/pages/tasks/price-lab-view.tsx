/** The price lab: what the entered offer would have got on recent stacks, beside the other prices that were named (product.md, "Tasks"). */
import { useTranslation } from 'react-i18next';
import { Link } from 'wouter';
import type { EconomicsView } from '../../../src-shared/bridge/economics.ts';
import type { Coin } from '../../../src-shared/domain/amounts.ts';
import { Amount } from '../../components/amount.tsx';
import { Button } from '../../components/button.tsx';
import { Facts } from '../../components/card.tsx';
import { Notice } from '../../components/notice.tsx';
import { countText } from '../../format/amount.ts';
import { rateText } from '../../format/quantity.ts';
import {
  candidatePrices,
  tryOffer,
  type BoughtStack,
  type LabResult,
  type NodeOffer,
  type PayTerms,
} from './price-lab.ts';
import { PlainTable } from '../../components/plain-table.tsx';

const comparedPrices = 8;

/** The price at which work pays its power, or what is missing to tell it. */
export type BreakEven = EconomicsView['breakEven'];

type Props = {
  stacks: readonly BoughtStack[];
  rivals: readonly NodeOffer[];
  terms: PayTerms;
  coin: Coin;
  price: bigint | null;
  limit: bigint | null;
  onPrice: (price: bigint) => void;
  /** Null while it is being read. */
  breakEven: BreakEven | null;
};

const percentText = ({ eligible, stacks }: LabResult): string =>
  countText(stacks === 0 ? 0 : Math.floor((100 * eligible) / stacks));

/** Named also where nobody bought: it rests on this machine alone. */
function BreakEvenLine({ breakEven, price }: { breakEven: BreakEven | null; price: bigint | null }) {
  const { t } = useTranslation();
  if (breakEven === null) return null;
  if (breakEven.price === null) {
    return (
      <p className="hint">
        {t('tasks.lab.breakEven')}: {t(`economics.rates.missing.${breakEven.missing ?? 'speed'}`)}{' '}
        <Link href="/economics">{t('tasks.lab.openEconomics')}</Link>
      </p>
    );
  }
  return (
    <>
      <Facts ends rows={[[t('tasks.lab.breakEven'), countText(breakEven.price)]]} />
      {price !== null && price < breakEven.price && (
        <Notice tone="unstaking" role="status" title={t('tasks.lab.belowBreakEven')} />
      )}
    </>
  );
}

function Comparison({ stacks, rivals, terms, coin, price, limit, onPrice }: Props & { price: bigint; limit: bigint }) {
  const { t } = useTranslation();
  const prices = [...new Set([...candidatePrices(stacks, comparedPrices), price])].sort((a, b) =>
    a < b ? 1 : a > b ? -1 : 0,
  );
  return (
    <PlainTable
      label={t('tasks.lab.compare')}
      heads={[
        t('tasks.lab.price'),
        { text: t('tasks.lab.eligible'), figure: true },
        { text: t('tasks.lab.pay'), figure: true },
      ]}
    >
      {prices.map((candidate) => {
        const result = tryOffer({ price: candidate, maxComputeUnits: limit }, stacks, rivals, terms);
        return (
          <tr key={candidate.toString()} className={candidate === price ? 'chosen' : undefined}>
            <th scope="row">
              {candidate === price ? (
                `${countText(candidate)} · ${t('tasks.lab.yours')}`
              ) : (
                <Button
                  small
                  look="quiet"
                  aria-label={t('tasks.lab.use', { price: countText(candidate) })}
                  onClick={() => onPrice(candidate)}
                >
                  {countText(candidate)}
                </Button>
              )}
            </th>
            <td className="right">{percentText(result)} %</td>
            <td className="right">
              <Amount value={result.pay} coin={coin} source="chain" />
            </td>
          </tr>
        );
      })}
    </PlainTable>
  );
}

/** The lab; says so when there is nothing to compare. */
export function PriceLab(props: Props) {
  const { t } = useTranslation();
  const { stacks, rivals, terms, coin, price, limit } = props;
  if (stacks.length === 0) {
    return (
      <section className="section" aria-label={t('tasks.lab.title')}>
        <h3>{t('tasks.lab.title')}</h3>
        <p className="hint">{t('tasks.lab.none')}</p>
        <BreakEvenLine breakEven={props.breakEven} price={price} />
      </section>
    );
  }
  const result =
    price === null || limit === null ? null : tryOffer({ price, maxComputeUnits: limit }, stacks, rivals, terms);
  return (
    <section className="section" aria-label={t('tasks.lab.title')}>
      <h3>{t('tasks.lab.title')}</h3>
      <p className="hint">{t('tasks.lab.intro', { count: stacks.length })}</p>
      <BreakEvenLine breakEven={props.breakEven} price={price} />
      {result !== null && price !== null && limit !== null && (
        <>
          <div role="status">
            <Facts
              ends
              rows={[
                [
                  t('tasks.lab.eligible'),
                  t('tasks.lab.eligibleOf', {
                    eligible: countText(result.eligible),
                    stacks: countText(result.stacks),
                    percent: percentText(result),
                  }),
                ],
                [t('tasks.lab.expected'), t('tasks.lab.expectedStacks', { stacks: rateText(result.expected) })],
                [t('tasks.lab.pay'), <Amount key="pay" value={result.pay} coin={coin} source="chain" />],
              ]}
            />
          </div>
          <Comparison {...props} price={price} limit={limit} />
        </>
      )}
    </section>
  );
}
