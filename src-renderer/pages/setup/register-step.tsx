/** Step 5: registering, with the collateral shown and the transaction simulated before it is confirmed. */
import { useTranslation } from 'react-i18next';
import { ReadAmount } from '../../components/amount.tsx';
import { useTell } from '../../components/announcer.tsx';
import { Button } from '../../components/button.tsx';
import { Facts } from '../../components/card.tsx';
import { Notice } from '../../components/notice.tsx';
import { ProposalFlow } from '../../components/proposal-flow.tsx';
import { Term } from '../../components/term.tsx';
import type { StepProps } from './step-props.ts';

/** The preview is made when the step opens, so that one press confirms it. */
export function RegisterStep({ setup, onNext }: StepProps) {
  const { t } = useTranslation();
  const tell = useTell();
  const { nodeSmallId, collateral } = setup.registration;
  if (nodeSmallId !== null) {
    return (
      <>
        <Notice tone="executing" role="status" title={t('setup.register.done', { id: nodeSmallId.toString() })}>
          <Facts
            rows={[
              [<Term key="c" name="collateral" />, <ReadAmount key="a" reading={collateral} coin={setup.funds.coin} />],
            ]}
          />
        </Notice>
        <div className="actions">
          <Button look="primary" onClick={onNext}>
            {t('act.continue')}
          </Button>
        </div>
      </>
    );
  }
  return (
    <>
      <Facts
        rows={[
          [
            <Term key="c" name="collateral" />,
            <ReadAmount key="a" reading={setup.funds.collateralNeeded} coin={setup.funds.coin} />,
          ],
          ...(setup.funds.collateralNeeded.value === 0n
            ? []
            : [[t('setup.register.back'), t('setup.register.backHint')] as const]),
        ]}
      />
      <ProposalFlow
        level={2}
        source={{ kind: 'intent', intent: { kind: 'register' } }}
        onOutcome={(outcome) => outcome.status === 'success' && tell(true, t('setup.register.success'))}
      />
    </>
  );
}
