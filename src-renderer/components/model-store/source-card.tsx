/** Where models come from: the host or a mirror, and the token for it, which is kept sealed and never shown. */
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ModelStoreView } from '../../../src-shared/bridge/model-calls.ts';
import { useTell } from '../announcer.tsx';
import { Button } from '../button.tsx';
import { Card, Facts } from '../card.tsx';
import { Field } from '../field.tsx';
import { useAct } from '../../data/client.tsx';
import { sizeText } from '../../format/quantity.ts';

/** The card. */
export function SourceCard({ store, level = 2 }: { store: ModelStoreView; level?: 2 | 3 }) {
  const { t } = useTranslation();
  const tell = useTell();
  const [host, setHost] = useState(store.host);
  const [token, setToken] = useState('');
  const save = useAct('models.settings', ['models.get']);
  const send = (change: { host: string; token?: string | null }): void =>
    save.mutate(change, {
      onSuccess: () => {
        setToken('');
        tell(true, t('settings.saved'));
      },
      onError: (error) => tell(false, error.message),
    });
  return (
    <Card title={t('models.source')} level={level}>
      <Facts
        rows={[
          [t('models.free'), store.freeBytes === null ? t('models.unknown') : sizeText(store.freeBytes)],
          [
            t('models.folder'),
            <code key="f" className="break">
              {store.folder}
            </code>,
          ],
        ]}
      />
      <form
        className="stack-list"
        onSubmit={(event) => {
          event.preventDefault();
          send(token === '' ? { host } : { host, token });
        }}
      >
        <Field
          label={t('models.host')}
          value={host}
          onChange={(event) => setHost(event.target.value.trim())}
          hint={t('models.hostHint')}
        />
        <Field
          label={t('models.token')}
          type="password"
          value={token}
          disabled={!store.keysUnlocked}
          onChange={(event) => setToken(event.target.value.trim())}
          placeholder={store.hasToken ? t('models.tokenKept') : ''}
          hint={t(store.keysUnlocked ? 'models.tokenHint' : 'models.tokenLocked')}
        />
        <div className="actions">
          <Button
            type="submit"
            look="primary"
            busy={save.isPending}
            disabled={host === '' || (host === store.host && token === '')}
          >
            {t('act.save')}
          </Button>
          {store.hasToken && (
            <Button busy={save.isPending} onClick={() => send({ host: store.host, token: null })}>
              {t('models.forgetToken')}
            </Button>
          )}
        </div>
      </form>
    </Card>
  );
}
