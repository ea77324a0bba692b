/** Engines on other programs and machines (issue 4, item 5). */
import { Plus, Server } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '../../../components/button.tsx';
import { Card } from '../../../components/card.tsx';
import { Empty } from '../../../components/notice.tsx';
import { Read } from '../../../components/read.tsx';
import { useCall } from '../../../data/client.tsx';
import { EngineCard } from './engine-card.tsx';
import { EngineSheet } from './engine-sheet.tsx';
import './engines.css';

/** The section. */
export function EnginesSection() {
  const { t } = useTranslation();
  const list = useCall('engines.list', {});
  const [adding, setAdding] = useState(false);
  const add = (
    <Button look="primary" icon={<Plus size={16} aria-hidden="true" />} onClick={() => setAdding(true)}>
      {t('engines.add')}
    </Button>
  );
  return (
    <Read query={list}>
      {({ engines, keysUnlocked }) => (
        <>
          <Card title={t('settings.section.engines')} head={engines.length > 0 ? add : undefined}>
            <p className="muted">{t('engines.lead')}</p>
            {engines.length === 0 ? (
              <Empty icon={Server} action={add}>
                {t('engines.none')}
              </Empty>
            ) : (
              <p className="hint">{t('engines.probeHint')}</p>
            )}
          </Card>
          {engines.map((engine) => (
            <EngineCard key={engine.settings.id} engine={engine} keysUnlocked={keysUnlocked} />
          ))}
          {adding && (
            <EngineSheet
              settings={null}
              hasToken={false}
              keysUnlocked={keysUnlocked}
              onClose={() => setAdding(false)}
            />
          )}
        </>
      )}
    </Read>
  );
}
