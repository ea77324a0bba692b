/** A task whose model is not on this disk: what is missing, the way to get it, and how far its download is (product.md, Set-up 6 and "Each waiting state has a way out"). */
import { Download } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ModelStoreView } from '../../../src-shared/bridge/model-calls.ts';
import { useCall } from '../../data/client.tsx';
import { Button } from '../button.tsx';
import { Notice } from '../notice.tsx';
import { Read } from '../read.tsx';
import { DownloadCard } from './download-card.tsx';
import { GetSheet } from './get-sheet.tsx';
import { SourceCard } from './source-card.tsx';

type Props = { model: string; /** Of the headings inside. */ level: 2 | 3 };

function Missing({ model, level, store }: Props & { store: ModelStoreView }) {
  const { t } = useTranslation();
  const [getting, setGetting] = useState(false);
  const downloads = store.downloads.filter(({ name }) => name === model);
  const installed = store.installed.find(({ name }) => name === model);
  if (downloads.length > 0) {
    return downloads.map((download) => <DownloadCard key={download.id} download={download} level={level} />);
  }
  if (installed?.state === 'checking') {
    return <Notice tone="ready" role="status" title={t('models.beingChecked', { name: model })} />;
  }
  return (
    <div className="stack-list">
      <Notice tone="unstaking" role="status" title={t('setup.task.modelMissing', { name: model })}>
        <p>{t(installed?.state === 'refused' ? 'models.filesDiffer' : 'setup.task.modelMissingHint')}</p>
      </Notice>
      <div className="actions">
        <Button look="primary" icon={<Download size={16} aria-hidden="true" />} onClick={() => setGetting(true)}>
          {t('setup.task.getModel')}
        </Button>
      </div>
      <details>
        <summary>{t('setup.task.otherHost')}</summary>
        <SourceCard key={`${store.host} ${store.hasToken}`} store={store} level={level} />
      </details>
      {getting && <GetSheet host={store.host} model={model} onClose={() => setGetting(false)} />}
    </div>
  );
}

/** Shown in place of an offer until the model is there; then the tasks are read again and the offer takes its place. */
export function MissingModel(props: Props) {
  return <Read query={useCall('models.get', {})}>{(store) => <Missing {...props} store={store} />}</Read>;
}
