/** Sampling consensus to try: for how many stacks and how many attestors the contract draws (product.md, Network). */
import { useTranslation } from 'react-i18next';
import type { SandboxView } from '../../../src-shared/bridge/views.ts';
import { useTell } from '../../components/announcer.tsx';
import { Card } from '../../components/card.tsx';
import { Select } from '../../components/field.tsx';
import { useAct } from '../../data/client.tsx';
import { countText } from '../../format/amount.ts';
import { attestorCounts, drawChances } from './dials.ts';

const inOrder = (values: readonly number[]): number[] => [...new Set(values)].sort((a, b) => a - b);

/** The contract's two dials. */
export function AttestationCard({ attestations }: { attestations: SandboxView['attestations'] }) {
  const { t } = useTranslation();
  const tell = useTell();
  const draw = useAct('sandbox.setAttestations', ['sandbox.get']);
  const { probabilityPermille, extraNodes } = attestations;
  const change = (next: Partial<SandboxView['attestations']>): void =>
    draw.mutate(
      { ...attestations, ...next },
      { onError: (error) => tell(false, error.message), onSuccess: () => tell(true, t('network.drawSet')) },
    );
  const shareText = (permille: number): string => {
    if (permille === 0) return t('network.draw.never');
    return permille === 1_000 ? t('network.draw.always') : t('network.draw.share', { percent: permille / 10 });
  };
  return (
    <Card title={t('network.attestation')} className="span-6">
      <div className="dial">
        <Select
          label={t('network.drawChance')}
          value={String(probabilityPermille)}
          options={inOrder([...drawChances, probabilityPermille]).map((permille) => [
            String(permille),
            shareText(permille),
          ])}
          onChange={(permille) => change({ probabilityPermille: Number(permille) })}
        />
        <Select
          label={t('network.attestors')}
          value={String(extraNodes)}
          options={inOrder([...attestorCounts, extraNodes]).map((count) => [String(count), countText(count)])}
          onChange={(count) => change({ extraNodes: Number(count) })}
        />
        <p className="hint">{t('network.drawHint')}</p>
      </div>
    </Card>
  );
}
