/** Where coins are to be sent: the address as text to copy and as a QR code, and the faucet on test networks. */
import { Droplets } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { FundsView } from '../../../src-shared/bridge/wallet-calls.ts';
import { suiCoin } from '../../../src-shared/domain/amounts.ts';
import { useTell } from '../../components/announcer.tsx';
import { Button } from '../../components/button.tsx';
import { Card } from '../../components/card.tsx';
import { IdText } from '../../components/copy.tsx';
import { ErrorNotice } from '../../components/notice.tsx';
import { QrCode } from '../../components/qr-code.tsx';
import { useAct, useCall } from '../../data/client.tsx';

/** The card. */
export function TopUpCard({ funds, address }: { funds: FundsView; address: string }) {
  const { t } = useTranslation();
  const tell = useTell();
  const faucet = useAct('setup.faucet', ['wallet.get', 'ledger.list']);
  const network = useCall('node.get', {}).data?.network.name ?? '';
  return (
    <Card title={t('wallet.topUp.title')}>
      <div className="with-qr">
        <QrCode text={address} label={t('keys.walletQr')} />
        <div className="stack-list">
          <p>{t('wallet.topUp.intro', { network, symbol: funds.coin.symbol, sui: suiCoin.symbol })}</p>
          <IdText id={address} name={t('keys.wallet')} whole />
          {faucet.error !== null && <ErrorNotice error={faucet.error} />}
          {funds.faucet && (
            <div className="actions">
              <Button
                busy={faucet.isPending}
                icon={<Droplets size={16} aria-hidden="true" />}
                onClick={() => faucet.mutate({}, { onSuccess: () => tell(true, t('wallet.topUp.asked')) })}
              >
                {t('setup.funds.faucet')}
              </Button>
            </div>
          )}
        </div>
      </div>
    </Card>
  );
}
