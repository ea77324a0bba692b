/** What the wallet owns, how coins come in and go out, and what moved it so far (product.md, Wallet). */
import { KeyRound } from 'lucide-react';
import { lazy, Suspense } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'wouter';
import type { FundsView } from '../../../src-shared/bridge/wallet-calls.ts';
import { suiCoin } from '../../../src-shared/domain/amounts.ts';
import { ReadAmount } from '../../components/amount.tsx';
import { Card } from '../../components/card.tsx';
import { Empty } from '../../components/notice.tsx';
import { PageHead } from '../../components/page-head.tsx';
import { Read, Skeleton } from '../../components/read.tsx';
import { useCall } from '../../data/client.tsx';
import { amountSentence } from '../../format/amount.ts';
import { agoText } from '../../format/time.ts';
import { useNow } from '../../components/use-now.ts';
import { FeesCard } from './fees-card.tsx';
import { HistoryCard } from './history-card.tsx';
import { SendCard } from './send-card.tsx';
import { TopUpCard } from './top-up-card.tsx';
import './wallet.css';

const WalletSection = lazy(() =>
  import('./browser/wallet-section.tsx').then((part) => ({ default: part.WalletSection })),
);

function Balances({ funds }: { funds: FundsView }) {
  const { t } = useTranslation();
  const nowMs = useNow(10_000);
  const age = (readAtMs: number | null): string =>
    readAtMs === null ? t('wallet.balance.notRead') : t('wallet.balance.read', { ago: agoText(readAtMs, nowMs) });
  const { suiMist, balance, coin, reserveMist } = funds;
  const isLow = suiMist.value !== null && suiMist.value < reserveMist;
  return (
    <div className="wallet-balances">
      <Card title={t('wallet.networkCoin')}>
        <div className="figure">
          <ReadAmount reading={balance} coin={coin} size="large" />
        </div>
        <p className="hint">{age(balance.readAtMs)}</p>
      </Card>
      <Card title={t('wallet.gasCoin')}>
        <div className="figure">
          <ReadAmount reading={suiMist} coin={suiCoin} size="large" />
        </div>
        <p className="hint">{age(suiMist.readAtMs)}</p>
        <p className={isLow ? 'hint bad' : 'hint'}>
          {t(isLow ? 'wallet.balance.low' : 'wallet.balance.reserve', {
            reserve: amountSentence(reserveMist, suiCoin),
          })}
        </p>
      </Card>
    </div>
  );
}

function BrowserWallets() {
  const settings = useCall('settings.get', {});
  return <Read query={settings}>{(view) => <WalletSection settings={view} />}</Read>;
}

/** The page. */
export function WalletPage() {
  const { t } = useTranslation();
  const funds = useCall('wallet.get', {});
  return (
    <>
      <PageHead title={t('page.wallet')} intro={t('wallet.pageIntro')} />
      <Read query={funds}>
        {(view) =>
          view.address === null ? (
            <Empty icon={KeyRound}>
              {t('wallet.noKey')} <Link href="/settings/keys">{t('wallet.toKeys')}</Link>
            </Empty>
          ) : (
            <div className="wallet">
              <Balances funds={view} />
              <div className="wallet-pair">
                <div className="wallet">
                  <TopUpCard funds={view} address={view.address} />
                  <Suspense fallback={<Skeleton />}>
                    <BrowserWallets />
                  </Suspense>
                </div>
                <div className="wallet">
                  <SendCard funds={view} />
                  {view.fees !== null && <FeesCard fees={view.fees} coin={view.coin} />}
                </div>
              </div>
              <HistoryCard />
            </div>
          )
        }
      </Read>
    </>
  );
}
