/** The network's second node: how it behaves and what it does (product.md, Network: faults to try). */
import { useTranslation } from 'react-i18next';
import type { SandboxView, SecondNodeMode } from '../../../src-shared/bridge/views.ts';
import { useTell } from '../../components/announcer.tsx';
import { Card, Facts } from '../../components/card.tsx';
import { Select } from '../../components/field.tsx';
import { Notice } from '../../components/notice.tsx';
import { useAct } from '../../data/client.tsx';
import { countText } from '../../format/amount.ts';

const modes: readonly SecondNodeMode[] = ['honest', 'silent', 'wrong', 'off'];

/** Its switch and its state; a network that was started without one has no such card. */
export function SecondNodeCard({ node }: { node: SandboxView['secondNode'] }) {
  const { t } = useTranslation();
  const tell = useTell();
  const behave = useAct('sandbox.setSecondNode', ['sandbox.get']);
  const change = (mode: SecondNodeMode): void =>
    behave.mutate(
      { mode },
      {
        onError: (error) => tell(false, error.message),
        onSuccess: () => tell(true, t('network.modeSet', { mode: t(`network.mode.${mode}`) })),
      },
    );
  return (
    <Card title={t('network.secondNode')} className="span-6">
      <div className="dial">
        <Select
          label={t('network.behaviour')}
          value={node.mode}
          options={modes.map((mode) => [mode, t(`network.mode.${mode}`)])}
          hint={t(`network.modeHint.${node.mode}`)}
          onChange={change}
        />
        <Facts
          ends
          rows={[
            [t('network.nodeState'), <span aria-live="polite">{t(`network.peer.${node.state}`)}</span>],
            node.nodeSmallId === null ? null : [t('network.nodeNumber'), `#${node.nodeSmallId}`],
            [t('network.stacksAttested'), countText(node.stacksAttested)],
          ]}
        />
        {node.state === 'waiting' && <p className="hint">{t('network.waitingHint')}</p>}
        {node.lastError !== null && <Notice tone="unstaking" title={node.lastError} />}
      </div>
    </Card>
  );
}
