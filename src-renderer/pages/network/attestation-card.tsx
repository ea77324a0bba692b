/** Sampling consensus to try: how often and how many attestors are drawn, and how the network's second node behaves (product.md, Network). */
import { useTranslation } from 'react-i18next';
import type { SandboxView, SecondNodeMode } from '../../../src-shared/bridge/views.ts';
import { useTell } from '../../components/announcer.tsx';
import { Card, Facts } from '../../components/card.tsx';
import { Select } from '../../components/field.tsx';
import { Notice } from '../../components/notice.tsx';
import { useAct } from '../../data/client.tsx';
import { countText } from '../../format/amount.ts';
import { attestorCounts, drawChances } from './dials.ts';

const modes: readonly SecondNodeMode[] = ['honest', 'silent', 'wrong', 'off'];
const inOrder = (values: readonly number[]): number[] => [...new Set(values)].sort((a, b) => a - b);

/** The contract's dials and the second node under them. */
export function AttestationCard({ attestations, node }: { attestations: SandboxView['attestations']; node: SandboxView['secondNode'] }) {
  const { t } = useTranslation();
  const tell = useTell();
  const draw = useAct('sandbox.setAttestations', ['sandbox.get']);
  const behave = useAct('sandbox.setSecondNode', ['sandbox.get']);
  const onError = (error: Error): void => tell(false, error.message);
  const change = (next: Partial<SandboxView['attestations']>): void =>
    draw.mutate({ ...attestations, ...next }, { onError, onSuccess: () => tell(true, t('network.drawSet')) });
  const { probabilityPermille, extraNodes } = attestations;
  return (
    <Card title={t('network.attestation')} className="span-6">
      <div className="dial">
        <div className="form-grid">
          <Select
            label={t('network.drawChance')}
            value={String(probabilityPermille)}
            options={inOrder([...drawChances, probabilityPermille]).map((permille) => [
              String(permille),
              permille === 0
                ? t('network.draw.never')
                : permille === 1_000
                  ? t('network.draw.always')
                  : t('network.draw.share', { percent: permille / 10 }),
            ])}
            onChange={(permille) => change({ probabilityPermille: Number(permille) })}
          />
          <Select
            label={t('network.attestors')}
            value={String(extraNodes)}
            options={inOrder([...attestorCounts, extraNodes]).map((count) => [String(count), countText(count)])}
            onChange={(count) => change({ extraNodes: Number(count) })}
          />
        </div>
        <p className="hint">{t('network.drawHint')}</p>
        {node.state !== 'absent' && (
          <>
            <Select
              label={t('network.secondNode')}
              value={node.mode}
              options={modes.map((mode) => [mode, t(`network.mode.${mode}`)])}
              hint={t(`network.modeHint.${node.mode}`)}
              onChange={(mode) => behave.mutate({ mode }, { onError, onSuccess: () => tell(true, t('network.modeSet', { mode: t(`network.mode.${mode}`) })) })}
            />
            <div aria-live="polite">
              <Facts
                ends
                rows={[
                  [t('network.nodeState'), t(`network.peer.${node.state}`)],
                  node.nodeSmallId === null ? null : [t('network.nodeNumber'), `#${node.nodeSmallId}`],
                  [t('network.stacksAttested'), countText(node.stacksAttested)],
                ]}
              />
            </div>
            {node.lastError !== null && <Notice tone="unstaking" title={node.lastError} />}
          </>
        )}
      </div>
    </Card>
  );
}
