/** Connected account, its balances and the send form, through dapp-kit's hooks alone. */
import { useCurrentAccount, useCurrentClient, useWallets } from '@mysten/dapp-kit-react';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import type { Coin } from '../../../../src-shared/domain/amounts.ts';
import { suiCoin } from '../../../../src-shared/domain/amounts.ts';
import { AppError, toAppError } from '../../../../src-shared/errors.ts';
import { Amount } from '../../../components/amount.tsx';
import { useTell } from '../../../components/announcer.tsx';
import { Button } from '../../../components/button.tsx';
import { Card, Facts } from '../../../components/card.tsx';
import { IdText } from '../../../components/copy.tsx';
import { Read } from '../../../components/read.tsx';
import { useCall } from '../../../data/client.tsx';
import { shortId } from '../../../format/quantity.ts';
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

/** One button for each wallet that offers this network. */
function Connect({ kit }: { kit: Kit }) {
  const { t } = useTranslation();
  const tell = useTell();
  const wallets = useWallets({ dAppKit: kit });
  const others = wallets.filter((wallet) => wallet.name !== t('wallet.name'));
  const own = wallets.find((wallet) => wallet.name === t('wallet.name'));
  const connect = (wallet: (typeof wallets)[number]): void =>
    void kit.connectWallet({ wallet }).catch((error: unknown) => tell(false, toAppError(error).message));
  return (
    <Card title={t('wallet.browser.title')}>
      <p className="hint">{t('wallet.browser.intro')}</p>
      {others.length === 0 && <p className="hint">{t('wallet.browser.none')}</p>}
      <div className="actions">
        {others.map((wallet) => (
          <Button key={wallet.name} onClick={() => connect(wallet)}>
            {t('wallet.browser.connect', { name: wallet.name })}
          </Button>
        ))}
        <Button disabled={own === undefined} onClick={() => own !== undefined && connect(own)}>
          {t('wallet.browser.own')}
        </Button>
      </div>
    </Card>
  );
}

/** Connects on request, then shows what the account owns: the node's key sends anywhere, any other wallet to the node. */
export function WalletPanel({ kit, nodeAddress }: { kit: Kit; nodeAddress: string }) {
  const { t } = useTranslation();
  const account = useCurrentAccount({ dAppKit: kit });
  const coin = useCall('node.get', {}).data?.coin;
  if (account === null || coin === undefined) return <Connect kit={kit} />;
  const isOwn = account.address === nodeAddress;
  const name = isOwn ? t('wallet.name') : (account.label ?? shortId(account.address));
  return (
    <Card
      title={isOwn ? t('wallet.browser.connected', { name }) : t('wallet.browser.topUp', { name })}
      head={
        <Button small onClick={() => void kit.disconnectWallet()}>
          {t('wallet.browser.disconnect')}
        </Button>
      }
    >
      <Facts rows={[[t('keys.wallet'), <IdText key="a" id={account.address} name={t('keys.wallet')} />]]} />
      <Balances kit={kit} owner={account.address} coin={coin} />
      <SendForm kit={kit} owner={account.address} coin={coin} fixedTo={isOwn ? null : nodeAddress} />
    </Card>
  );
}
