/** The key store: where keys lie, backup, lock and unlock; every secret stays on the host's own pages. */
import { Lock, LockOpen, Save } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { KeysView } from '../../../src-shared/bridge/views.ts';
import { useTell } from '../../components/announcer.tsx';
import { Button } from '../../components/button.tsx';
import { Card, Facts } from '../../components/card.tsx';
import { IdText } from '../../components/copy.tsx';
import { ErrorNotice, Notice } from '../../components/notice.tsx';
import { SecurePageWait, showSecurePage } from '../../components/secure-page.tsx';
import { useAct } from '../../data/client.tsx';

function KeyActs({ keys }: { keys: KeysView }) {
  const { t } = useTranslation();
  const tell = useTell();
  const open = useAct('keys.open', ['settings.get', 'setup.get', 'node.get']);
  const openPage = (to: 'unlock' | 'backup'): void =>
    open.mutate({ page: to }, { onSuccess: ({ url }) => showSecurePage(url) });
  const lock = useAct('keys.lock', ['settings.get', 'setup.get', 'node.get']);
  const page = open.variables?.page;
  const waiting = open.data !== undefined && !(page === 'unlock' && keys.unlocked);
  return (
    <>
      {open.error !== null && <ErrorNotice error={open.error} />}
      {waiting && (
        <SecurePageWait
          url={open.data.url}
          waiting={t(page === 'backup' ? 'keys.waitingBackup' : 'keys.waitingUnlock')}
        />
      )}
      <div className="actions">
        {keys.unlocked ? (
          <Button
            busy={lock.isPending}
            icon={<Lock size={16} aria-hidden="true" />}
            onClick={() =>
              lock.mutate(
                {},
                { onSuccess: () => tell(true, t('keys.locked')), onError: (error) => tell(false, error.message) },
              )
            }
          >
            {t('keys.lock')}
          </Button>
        ) : (
          <Button
            look="primary"
            busy={open.isPending}
            icon={<LockOpen size={16} aria-hidden="true" />}
            onClick={() => openPage('unlock')}
          >
            {t('keys.unlock')}
          </Button>
        )}
        <Button busy={open.isPending} icon={<Save size={16} aria-hidden="true" />} onClick={() => openPage('backup')}>
          {t('keys.backup')}
        </Button>
      </div>
      <p className="hint">{t('keys.backupHint')}</p>
    </>
  );
}

/** The section. */
export function KeysSection({ keys }: { keys: KeysView }) {
  const { t } = useTranslation();
  return (
    <Card title={t('settings.section.keys')}>
      {!keys.backupConfirmed && keys.exists && <Notice tone="unstaking" title={t('keys.notBackedUp')} />}
      <Facts
        rows={[
          [t('keys.store'), t(`keys.kind.${keys.store.kind}`, { name: keys.store.name })],
          [
            t('keys.keychain'),
            keys.keychain.available
              ? keys.keychain.name
              : keys.keychain.detail === null
                ? t('keys.noKeychain')
                : t('keys.noKeychainBecause', { detail: keys.keychain.detail }),
          ],
          [t('keys.state'), t(keys.unlocked ? 'keys.isUnlocked' : 'keys.isLocked')],
          keys.walletAddress === null
            ? null
            : [t('keys.wallet'), <IdText key="w" id={keys.walletAddress} name={t('keys.wallet')} />],
          keys.nodeId === null ? null : [t('keys.nodeId'), <IdText key="n" id={keys.nodeId} name={t('keys.nodeId')} />],
          keys.livenessAddress === null
            ? null
            : [t('keys.liveness'), <IdText key="l" id={keys.livenessAddress} name={t('keys.liveness')} />],
        ]}
      />
      <KeyActs keys={keys} />
    </Card>
  );
}
