/** Step 4: balances, how much is needed for what, and the faucet on test networks. */
import { CircleAlert, CircleCheck, Droplets } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { suiCoin } from '../../../src-shared/domain/amounts.ts';
import { Amount, ReadAmount, Unknown } from '../../components/amount.tsx';
import { Button } from '../../components/button.tsx';
import { IdText } from '../../components/copy.tsx';
import { ErrorNotice, Notice } from '../../components/notice.tsx';
import { QrCode } from '../../components/qr-code.tsx';
import { Mark } from '../../components/state-pill.tsx';
import { useAct } from '../../data/client.tsx';
import { useNow } from '../../components/use-now.ts';
import { agoText } from '../../format/time.ts';
import { coinsToSend, fundsCovered } from './needs.ts';
import type { StepProps } from './step-props.ts';

function Enough({ covered }: { covered: boolean | null }) {
  const { t } = useTranslation();
  if (covered === null) return <Unknown reason={t('amount.notRead')} />;
  return covered ? (
    <Mark tone="executing" icon={CircleCheck}>
      {t('setup.funds.enough')}
    </Mark>
  ) : (
    <Mark tone="unstaking" icon={CircleAlert}>
      {t('setup.funds.tooLittle')}
    </Mark>
  );
}

function NeedsTable({ funds }: { funds: StepProps['setup']['funds'] }) {
  const { t } = useTranslation();
  const covered = fundsCovered(funds);
  return (
    <div className="table-wrap" tabIndex={0} role="group" aria-label={t('setup.funds.needs')}>
      <table className="table cards">
        <caption className="sr-only">{t('setup.funds.needs')}</caption>
        <thead>
          <tr>
            <th scope="col">{t('setup.funds.what')}</th>
            <th scope="col" className="right">
              {t('setup.funds.needed')}
            </th>
            <th scope="col" className="right">
              {t('setup.funds.have')}
            </th>
            <th scope="col">{t('machine.result')}</th>
          </tr>
        </thead>
        <tbody>
          <tr>
            <th scope="row">
              {t('setup.funds.gas')}
              <p className="hint">{t('setup.funds.gasHint')}</p>
            </th>
            <td className="right" data-head={t('setup.funds.needed')}>
              <Amount value={funds.gasNeededMist} coin={suiCoin} />
            </td>
            <td className="right" data-head={t('setup.funds.have')}>
              <ReadAmount reading={funds.suiMist} coin={suiCoin} />
            </td>
            <td data-head={t('machine.result')}>
              <Enough covered={covered.gas} />
            </td>
          </tr>
          <tr>
            <th scope="row">
              {t('setup.funds.collateral')}
              <p className="hint">{t('setup.funds.collateralHint')}</p>
            </th>
            <td className="right" data-head={t('setup.funds.needed')}>
              <ReadAmount reading={funds.collateralNeeded} coin={funds.coin} />
            </td>
            <td className="right" data-head={t('setup.funds.have')}>
              <ReadAmount reading={funds.balance} coin={funds.coin} />
            </td>
            <td data-head={t('machine.result')}>
              <Enough covered={covered.collateral} />
            </td>
          </tr>
        </tbody>
      </table>
    </div>
  );
}

/** Where to send what no faucet gives, why it waits, and how old the reading is. */
function SendHere({ setup }: Pick<StepProps, 'setup'>) {
  const { t } = useTranslation();
  const nowMs = useNow(1_000);
  const { funds, keys } = setup;
  const missing = coinsToSend(funds);
  if (keys.walletAddress === null || missing.length === 0) return null;
  const [gas, coin] = missing;
  const { readAtMs } = funds.suiMist;
  const isTestnet = setup.networks.find(({ id }) => id === setup.networkId)?.kind === 'testnet';
  const coins = coin === undefined ? gas : t('setup.funds.sendBoth', { gas, coin });
  return (
    <Notice tone="idle" title={t('setup.funds.send', { coins })}>
      <div className="with-qr">
        <QrCode text={keys.walletAddress} label={t('keys.walletQr')} />
        <div className="stack-list">
          <IdText id={keys.walletAddress} name={t('keys.wallet')} whole />
          {isTestnet && gas === suiCoin.symbol && <p>{t('setup.funds.sendTestnet')}</p>}
          <p className="hint">
            {readAtMs === null
              ? t('setup.funds.sendUnread')
              : t('setup.funds.sendWait', { ago: agoText(readAtMs, nowMs) })}
          </p>
        </div>
      </div>
    </Notice>
  );
}

/** Ends by itself when the balances are there. */
export function FundsStep({ setup, onNext }: StepProps) {
  const { t } = useTranslation();
  const { funds } = setup;
  const faucet = useAct('setup.faucet', ['setup.get']);
  const covered = fundsCovered(funds);
  const gasFirst = !funds.gasFaucet && covered.gas !== true;
  const enough = covered.gas === true && covered.collateral === true;
  return (
    <>
      <NeedsTable funds={funds} />
      {faucet.error !== null && <ErrorNotice error={faucet.error} />}
      {faucet.isSuccess && !enough && <Notice tone="ready" role="status" title={t('setup.funds.onTheWay')} />}
      <SendHere setup={setup} />
      <div className="actions">
        {enough && (
          <Button look="primary" onClick={onNext}>
            {t('act.continue')}
          </Button>
        )}
        {funds.faucet && (
          <Button
            {...(enough ? {} : { look: 'primary' as const })}
            busy={faucet.isPending}
            disabled={gasFirst}
            icon={<Droplets size={16} aria-hidden="true" />}
            onClick={() => faucet.mutate({})}
          >
            {t('setup.funds.faucet')}
          </Button>
        )}
        {funds.faucet && gasFirst && <p className="hint">{t('setup.funds.gasFirst')}</p>}
      </div>
    </>
  );
}
