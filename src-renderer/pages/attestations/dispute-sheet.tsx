/** The way to a dispute: what happens, what silence would cost instead, what cannot be undone, the typed word, then preview and the host's own page (design.md, "Irreversible action"; protocol.md 5.8). */
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { AttestationView } from '../../../src-shared/bridge/attestation-calls.ts';
import type { Coin } from '../../../src-shared/domain/amounts.ts';
import { Amount } from '../../components/amount.tsx';
import { Button } from '../../components/button.tsx';
import { Facts } from '../../components/card.tsx';
import { Field } from '../../components/field.tsx';
import { Notice } from '../../components/notice.tsx';
import { ProposalFlow } from '../../components/proposal-flow.tsx';
import { Sheet } from '../../components/sheet.tsx';
import { disputeWord } from './attestation-text.ts';

/** `commitment` is the proof that this node computed; hex. */
export function DisputeSheet({
  one,
  commitment,
  coin,
  onClose,
}: {
  one: AttestationView;
  commitment: string;
  coin: Coin;
  onClose: () => void;
}) {
  const { t } = useTranslation();
  const [typed, setTyped] = useState('');
  const [confirmed, setConfirmed] = useState(false);
  const isTyped = typed.trim() === disputeWord;
  return (
    <Sheet title={t('attestations.disputeTitle', { id: one.stackSmallId.toString() })} onClose={onClose}>
      {confirmed ? (
        <ProposalFlow
          source={{ kind: 'intent', intent: { kind: 'dispute', stackSmallId: one.stackSmallId, commitment } }}
          onCancel={onClose}
        />
      ) : (
        <>
          <div className="section">
            <h3>{t('proposal.whatHappens')}</h3>
            <p>{t('attestations.disputeHappens')}</p>
          </div>
          <div className="section">
            <h3>{t('proposal.costsNow')}</h3>
            <Facts
              ends
              rows={[
                [
                  t('attestations.disputeSilence'),
                  <Amount
                    key="s"
                    value={one.penalty}
                    coin={coin}
                    source="chain"
                    reason={t('attestations.moneyUnknown')}
                  />,
                ],
                [
                  t('attestations.disputeFreeze'),
                  <Amount
                    key="f"
                    value={one.frozen}
                    coin={coin}
                    source="chain"
                    reason={t('attestations.moneyUnknown')}
                  />,
                ],
              ]}
            />
            <p className="hint">{t('attestations.meaning.unpaid')}</p>
          </div>
          <div className="section">
            <h3>{t('proposal.undo')}</h3>
            <Notice tone="danger" title={t('attestations.disputeUndo')} />
          </div>
          <form
            className="stack-list"
            onSubmit={(event) => {
              event.preventDefault();
              if (isTyped) setConfirmed(true);
            }}
          >
            <Field
              label={t('attestations.type', { word: disputeWord })}
              value={typed}
              onChange={(event) => setTyped(event.target.value)}
              error={typed !== '' && !isTyped && !disputeWord.startsWith(typed) ? t('attestations.wrongWord') : null}
            />
            <div className="actions">
              <Button type="submit" look="danger" disabled={!isTyped}>
                {t('attestations.goOn')}
              </Button>
              <Button onClick={onClose}>{t('act.cancel')}</Button>
            </div>
          </form>
        </>
      )}
    </Sheet>
  );
}
