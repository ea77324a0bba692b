/** The wallet panel on dapp-kit: the node's key as a Wallet Standard wallet, balances read from chain, and a small send form (stack.md 5, "dapp-kit"). */
import { DAppKitProvider } from '@mysten/dapp-kit-react';
import { toBase64 } from '@mysten/sui/utils';
import { Wallet } from 'lucide-react';
import { useEffect, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Outcome } from '../../../../src-shared/bridge/intents.ts';
import type { SettingsView } from '../../../../src-shared/bridge/views.ts';
import { AppError } from '../../../../src-shared/errors.ts';
import { Empty } from '../../../components/notice.tsx';
import { ProposalFlow } from '../../../components/proposal-flow.tsx';
import { Sheet } from '../../../components/sheet.tsx';
import { useCall, useClient } from '../../../data/client.tsx';
import { createKit, type Kit } from './kit.ts';
import { createNodeWallet, registerNodeWallet } from './node-wallet.ts';
import { WalletPanel } from './wallet-panel.tsx';

type Asked = { transaction: string; resolve: (outcome: Outcome) => void; reject: (error: AppError) => void };

/** Bytes and signature of an executed transaction, as the public record has them. */
async function readExecuted(kit: Kit, digest: string): Promise<{ bytes: string; signature: string }> {
  const result = await kit.getClient().core.waitForTransaction({ digest, include: { bcs: true } });
  const done = result.Transaction ?? result.FailedTransaction;
  return { bytes: toBase64(done.bcs), signature: done.signatures[0] ?? '' };
}

/** Name of the chain as wallets know it: theirs for public networks, the profile's own id else. */
const chainName = (kind: string | undefined, id: string): string =>
  kind === 'testnet' || kind === 'mainnet' ? kind : id;

/** The kit of a network, and the node's wallet registered as long as the panel is shown; dapp-kit follows registrations. */
function useKit(address: string | null, network: string, name: string, ask: (asked: Asked) => void): Kit {
  const client = useClient();
  const kit = useMemo(() => createKit(network, client), [network, client]);
  useEffect(() => {
    if (address === null) return undefined;
    const account = { address, publicKey: new Uint8Array(), network, name };
    return registerNodeWallet(
      createNodeWallet(account, {
        present: (transaction) => new Promise<Outcome>((resolve, reject) => ask({ transaction, resolve, reject })),
        executed: (digest) => readExecuted(kit, digest),
      }),
    );
  }, [address, network, name, kit, ask]);
  return kit;
}

/** The section; loaded on demand with the chain SDK. */
export function WalletSection({ settings }: { settings: SettingsView }) {
  const { t } = useTranslation();
  const [asked, setAsked] = useState<Asked | null>(null);
  const address = settings.keys.walletAddress;
  const node = useCall('node.get', {}).data?.network;
  const kit = useKit(address, chainName(node?.kind, settings.network.id), t('wallet.name'), setAsked);
  if (address === null) return <Empty icon={Wallet}>{t('wallet.noKey')}</Empty>;
  const close = (): void => {
    asked?.reject(new AppError('intent.declined'));
    setAsked(null);
  };
  return (
    <DAppKitProvider dAppKit={kit}>
      <WalletPanel kit={kit} nodeAddress={address} />
      {asked !== null && (
        <Sheet title={t('wallet.confirm')} onClose={close}>
          <ProposalFlow
            source={{ kind: 'transaction', transaction: asked.transaction }}
            onCancel={close}
            onOutcome={asked.resolve}
          />
        </Sheet>
      )}
    </DAppKitProvider>
  );
}
