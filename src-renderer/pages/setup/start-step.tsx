/** Step 7: a summary and the one button that takes the node to work. */
import { Play } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { ReadAmount } from '../../components/amount.tsx';
import { Button } from '../../components/button.tsx';
import { Facts } from '../../components/card.tsx';
import { IdText } from '../../components/copy.tsx';
import { ErrorNotice } from '../../components/notice.tsx';
import { Term } from '../../components/term.tsx';
import { useAct } from '../../data/client.tsx';
import type { StepProps } from './step-props.ts';
import { idListText } from '../../format/quantity.ts';

/** Starts the node. */
export function StartStep({ setup }: StepProps) {
  const { t } = useTranslation();
  const start = useAct('setup.start', ['setup.get', 'node.get']);
  const network = setup.networks.find((entry) => entry.id === setup.networkId);
  return (
    <>
      <Facts
        rows={[
          network === undefined ? null : [t('setup.step.network'), network.name],
          setup.keys.walletAddress === null
            ? null
            : [t('keys.wallet'), <IdText key="w" id={setup.keys.walletAddress} name={t('keys.wallet')} />],
          setup.registration.nodeSmallId === null
            ? null
            : [t('setup.start.node'), `#${setup.registration.nodeSmallId}`],
          [
            <Term key="c" name="collateral" />,
            <ReadAmount key="a" reading={setup.registration.collateral} coin={setup.funds.coin} />,
          ],
          [t('setup.start.tasks'), idListText(setup.subscriptions)],
          [t('setup.start.policies'), t('setup.start.policiesHint')],
        ]}
      />
      {start.error !== null && <ErrorNotice error={start.error} />}
      <div className="actions">
        <Button
          look="primary"
          busy={start.isPending}
          icon={<Play size={16} aria-hidden="true" />}
          onClick={() => start.mutate({})}
        >
          {t('setup.start.act')}
        </Button>
      </div>
    </>
  );
}
