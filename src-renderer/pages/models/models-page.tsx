/** What is on my disk: models with what they serve, downloads under way, and where models come from (product.md, Models). */
import { Boxes } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ModelStoreView } from '../../../src-shared/bridge/model-calls.ts';
import { Button } from '../../components/button.tsx';
import { Empty } from '../../components/notice.tsx';
import { PageHead } from '../../components/page-head.tsx';
import { Read } from '../../components/read.tsx';
import { useCall } from '../../data/client.tsx';
import { DownloadCard } from '../../components/model-store/download-card.tsx';
import { GetSheet } from '../../components/model-store/get-sheet.tsx';
import { ModelCard } from './model-card.tsx';
import { SourceCard } from '../../components/model-store/source-card.tsx';
import './models.css';

function Store({ store, onGet }: { store: ModelStoreView; onGet: () => void }) {
  const { t } = useTranslation();
  return (
    <div className="models">
      <div className="models-list">
        {store.downloads.length > 0 && (
          <section className="models-group" aria-labelledby="models-downloads">
            <h2 id="models-downloads">{t('models.downloads')}</h2>
            {store.downloads.map((download) => (
              <DownloadCard key={download.id} download={download} />
            ))}
          </section>
        )}
        <section className="models-group" aria-labelledby="models-installed">
          <h2 id="models-installed">{t('models.onDisk')}</h2>
          {store.installed.length === 0 ? (
            <Empty icon={Boxes} action={<Button onClick={onGet}>{t('models.get')}</Button>}>
              {t('models.empty')}
            </Empty>
          ) : (
            store.installed.map((model) => (
              <ModelCard
                key={model.id}
                model={model}
                busy={store.downloads.some(({ name, revision }) => `${name}@${revision}` === model.id)}
              />
            ))
          )}
        </section>
      </div>
      <SourceCard key={`${store.host} ${store.hasToken}`} store={store} />
    </div>
  );
}

/** The page. */
export function ModelsPage() {
  const { t } = useTranslation();
  const [getting, setGetting] = useState(false);
  const store = useCall('models.get', {});
  return (
    <>
      <PageHead title={t('page.models')} intro={t('models.intro')}>
        <Button look="primary" disabled={store.data === undefined} onClick={() => setGetting(true)}>
          {t('models.get')}
        </Button>
      </PageHead>
      <Read query={store}>{(view) => <Store store={view} onGet={() => setGetting(true)} />}</Read>
      {getting && store.data !== undefined && <GetSheet host={store.data.host} onClose={() => setGetting(false)} />}
    </>
  );
}
