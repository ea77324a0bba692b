/** Connected account, its balances and the send form, through dapp-kit's hooks alone. */
import { useCurrentAccount, useCurrentClient, useWallets } from '@mysten/dapp-kit-react';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import type { Coin } from '../../../../src-shared/domain/amounts.ts';
import { suiCoin } from '../../../../src-shared/domain/amounts.ts';
import { AppError } from '../../../../src-shared/errors.ts';
import { Amount } from '../../../components/amount.tsx';
import { useTell } from '../../../components/announcer.tsx';
import { Button } from '../../../components/button.tsx';
import { Card, Facts } from '../../../components/card.tsx';
import { IdText } from '../../../components/copy.tsx';
import { Notice } from '../../../components/notice.tsx';
import { Read } from '../../../components/read.tsx';
import { useCall } from '../../../data/client.tsx';
import { SendForm } from './send-form.tsx';
import type { Kit } from './kit.ts';

const roundMs = 10_000;

function Balances({ kit, owner, coin }: { kit: Kit; owner: string; coin: Coin }) {
  const { t } = useTranslation();
  const client = useCurrentClient({ dAppKit: kit });
  const round = Math.floor((useCall('node.get', {}).data?.chain.readAtMs ?? 0) / roundMs);
  const balances = useQuery<{ sui: bigint; network: bigint; readAtMs: number }, AppError>({
    // Read again when the node has read the chain again, at most once a round.
    queryKey: ['balances', owner, round],
    queryFn: async () => {
      // The gRPC transport hides what the bridge said; every failure here is a read that did not succeed.
      const read = (coinType: string) =>
        client.core.getBalance({ owner, coinType }).catch((cause: unknown) => {
          throw new AppError('chain.unreachable', {}, { cause });
        });
      const [sui, network] = await Promise.all([read(suiCoin.type), read(coin.type)]);
      return { sui: BigInt(sui.balance.balance), network: BigInt(network.balance.balance), readAtMs: Date.now() };
    },
    placeholderData: (previous) => previous,
  });
  return (
    <Read query={balances}>
      {(value) => (
        <Facts
          rows={[
            [
              t('wallet.gasCoin'),
              <Amount key="s" value={value.sui} coin={suiCoin} source="chain" readAtMs={value.readAtMs} />,
            ],
            [
              t('wallet.networkCoin'),
              <Amount key="n" value={value.network} coin={coin} source="chain" readAtMs={value.readAtMs} />,
            ],
          ]}
        />
      )}
    </Read>
  );
}

/** Connects on request, then shows what the account owns. */
export function WalletPanel({ kit }: { kit: Kit }) {
  const { t } = useTranslation();
  const tell = useTell();
  const account = useCurrentAccount({ dAppKit: kit });
  const wallets = useWallets({ dAppKit: kit });
  const coin = useCall('node.get', {}).data?.coin;
  const own = wallets.find((wallet) => wallet.name === t('wallet.name'));
  if (account === null || coin === undefined) {
    return (
      <Card title={t('settings.section.wallet')}>
        <p>{t('wallet.intro')}</p>
        <div className="actions">
          <Button
            look="primary"
            disabled={own === undefined}
            onClick={() =>
              own !== undefined &&
              void kit.connectWallet({ wallet: own }).catch((error: unknown) => tell(false, String(error)))
            }
          >
            {t('wallet.connect')}
          </Button>
        </div>
      </Card>
    );
  }
  return (
    <>
      <Card
        title={t('settings.section.wallet')}
        head={
          <Button small onClick={() => void kit.disconnectWallet()}>
            {t('wallet.disconnect')}
          </Button>
        }
      >
        <Facts rows={[[t('keys.wallet'), <IdText key="a" id={account.address} name={t('keys.wallet')} whole />]]} />
        <Balances kit={kit} owner={account.address} coin={coin} />
      </Card>
      <Card title={t('wallet.send')}>
        <Notice tone="idle" title={t('wallet.sendHint')} />
        <SendForm kit={kit} owner={account.address} coin={coin} />
      </Card>
    </>
  );
}
