/** The form that lists another console by name, address and token. */
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useTell } from '../../components/announcer.tsx';
import { Button } from '../../components/button.tsx';
import { Field } from '../../components/field.tsx';
import { ErrorNotice } from '../../components/notice.tsx';
import { Sheet } from '../../components/sheet.tsx';
import { useAct } from '../../data/client.tsx';

/** The sheet. */
export function AddConsole({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  const tell = useTell();
  const [name, setName] = useState('');
  const [url, setUrl] = useState('');
  const [token, setToken] = useState('');
  const add = useAct('fleet.add', ['fleet.list']);
  return (
    <Sheet title={t('fleet.add')} onClose={onClose}>
      <form
        className="section"
        onSubmit={(event) => {
          event.preventDefault();
          add.mutate(
            { name: name.trim(), url: url.trim(), token: token.trim() },
            { onSuccess: () => (tell(true, t('fleet.form.added', { name })), onClose()) },
          );
        }}
      >
        <Field
          label={t('fleet.form.name')}
          hint={t('fleet.form.nameHint')}
          value={name}
          maxLength={60}
          required
          onChange={(event) => setName(event.target.value)}
        />
        <Field
          label={t('fleet.form.url')}
          hint={t('fleet.form.urlHint')}
          type="url"
          value={url}
          maxLength={300}
          required
          onChange={(event) => setUrl(event.target.value)}
        />
        <Field
          label={t('fleet.form.token')}
          hint={t('fleet.form.tokenHint')}
          type="password"
          value={token}
          minLength={20}
          maxLength={200}
          required
          onChange={(event) => setToken(event.target.value)}
        />
        <p className="hint">{t('fleet.form.pinHint')}</p>
        {add.error !== null && <ErrorNotice error={add.error} />}
        <div className="actions">
          <Button type="submit" look="primary" busy={add.isPending}>
            {t('fleet.form.add')}
          </Button>
        </div>
      </form>
    </Sheet>
  );
}
