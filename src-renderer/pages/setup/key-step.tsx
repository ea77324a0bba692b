/** Step 2: the key, made or brought on the host's own page; names the store in use. */
import { FileKey2, KeyRound, LockKeyholeOpen, Undo2 } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { Button } from '../../components/button.tsx';
import { Card, Facts } from '../../components/card.tsx';
import { IdText } from '../../components/copy.tsx';
import { ErrorNotice, Notice } from '../../components/notice.tsx';
import { SecurePageWait, showSecurePage } from '../../components/secure-page.tsx';
import { useAct } from '../../data/client.tsx';
import type { StepProps } from './step-props.ts';

/** Where the key will lie, or lies. */
function StoreFacts({ keys }: { keys: StepProps['setup']['keys'] }) {
  const { t } = useTranslation();
  return (
    <Card title={t('keys.where')}>
      <Facts
        rows={[
          [t('keys.store'), t(`keys.kind.${keys.store.kind}`, { name: keys.store.name })],
          keys.keychain.available
            ? null
            : [
                t('keys.keychain'),
                keys.keychain.detail === null
                  ? t('keys.noKeychain')
                  : t('keys.noKeychainBecause', { detail: keys.keychain.detail }),
              ],
          keys.walletAddress === null
            ? null
            : [t('keys.wallet'), <IdText key="w" id={keys.walletAddress} name={t('keys.wallet')} />],
          keys.nodeId === null ? null : [t('keys.nodeId'), <IdText key="n" id={keys.nodeId} name={t('keys.nodeId')} />],
        ]}
      />
    </Card>
  );
}

/** Create, import or restore; unlock where keys exist and are locked. */
export function KeyStep({ setup, onNext }: StepProps) {
  const { t } = useTranslation();
  const { keys } = setup;
  const open = useAct('keys.open', ['setup.get']);
  const openPage = (page: 'create' | 'import' | 'restore' | 'unlock'): void =>
    open.mutate({ page }, { onSuccess: ({ url }) => showSecurePage(url) });
  if (keys.exists && keys.unlocked) {
    return (
      <>
        <Notice tone="executing" role="status" title={t('setup.key.ready')} />
        <StoreFacts keys={keys} />
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
      <StoreFacts keys={keys} />
      {open.error !== null && <ErrorNotice error={open.error} />}
      {open.data !== undefined && <SecurePageWait url={open.data.url} waiting={t('setup.key.waiting')} />}
      {keys.exists ? (
        <div className="actions">
          <Button
            look="primary"
            busy={open.isPending}
            icon={<LockKeyholeOpen size={16} aria-hidden="true" />}
            onClick={() => openPage('unlock')}
          >
            {t('keys.unlock')}
          </Button>
        </div>
      ) : (
        <div className="actions">
          <Button
            {...(open.data === undefined ? { look: 'primary' as const } : {})}
            busy={open.isPending}
            icon={<KeyRound size={16} aria-hidden="true" />}
            onClick={() => openPage('create')}
          >
            {t('setup.key.create')}
          </Button>
          <Button icon={<FileKey2 size={16} aria-hidden="true" />} onClick={() => openPage('import')}>
            {t('setup.key.import')}
          </Button>
          <Button icon={<Undo2 size={16} aria-hidden="true" />} onClick={() => openPage('restore')}>
            {t('setup.key.restore')}
          </Button>
        </div>
      )}
    </>
  );
}
