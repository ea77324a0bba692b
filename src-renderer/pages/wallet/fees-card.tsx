/** Attestation fees that the contract holds for this node; a claim withdraws them too, this does it alone (protocol.md 2.3). */
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { FundsView } from '../../../src-shared/bridge/wallet-calls.ts';
import { ReadAmount } from '../../components/amount.tsx';
import { Button } from '../../components/button.tsx';
import { Card, Facts } from '../../components/card.tsx';
import { ProposalSheet } from '../../components/proposal-flow.tsx';

/** The card. */
export function FeesCard({ fees, coin }: { fees: NonNullable<FundsView['fees']>; coin: FundsView['coin'] }) {
  const { t } = useTranslation();
  const [isOpen, setOpen] = useState(false);
  return (
    <Card title={t('wallet.fees.title')}>
      <p className="hint">{t('wallet.fees.intro')}</p>
      <Facts
        rows={[
          [t('wallet.fees.free'), <ReadAmount key="f" reading={fees.free} coin={coin} />],
          [t('wallet.fees.locked'), <ReadAmount key="l" reading={fees.locked} coin={coin} />],
        ]}
      />
      <div className="actions">
        <Button disabled={(fees.free.value ?? 0n) === 0n} onClick={() => setOpen(true)}>
          {t('wallet.fees.withdraw')}
        </Button>
      </div>
      {isOpen && (
        <ProposalSheet
          title={t('wallet.fees.withdraw')}
          source={{ kind: 'intent', intent: { kind: 'withdraw_fees' } }}
          onClose={() => setOpen(false)}
        />
      )}
    </Card>
  );
}
