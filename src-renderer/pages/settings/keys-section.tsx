/** The key store: where keys lie, lock and unlock, rehearsal and saving of the backup, a new liveness key; every secret stays on the host's own pages (product.md, Settings). */
import { KeyRound, Lock, LockOpen, RefreshCw, Save } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { KeysView } from '../../../src-shared/bridge/views.ts';
import { useTell } from '../../components/announcer.tsx';
import { Button } from '../../components/button.tsx';
import { Card, Facts } from '../../components/card.tsx';
import { IdText } from '../../components/copy.tsx';
import { Notice } from '../../components/notice.tsx';
import { useNow } from '../../components/use-now.ts';
import { useAct } from '../../data/client.tsx';
import { agoText } from '../../format/time.ts';
import { SecureActState, useSecureAct } from './use-secure-act.tsx';

function LockAct({ unlocked }: { unlocked: boolean }) {
  const { t } = useTranslation();
  const tell = useTell();
  const unlock = useSecureAct('unlock', unlocked);
  const lock = useAct('keys.lock', ['settings.get', 'setup.get', 'node.get']);
  const press = (): void =>
    lock.mutate({}, { onSuccess: () => tell(true, t('keys.locked')), onError: (error) => tell(false, error.message) });
  return (
    <>
      {!unlocked && <SecureActState act={unlock} />}
      <div className="actions">
        {unlocked ? (
          <Button busy={lock.isPending} icon={<Lock size={16} aria-hidden="true" />} onClick={press}>
            {t('keys.lock')}
          </Button>
        ) : (
          <Button
            look="primary"
            busy={unlock.open.isPending}
            icon={<LockOpen size={16} aria-hidden="true" />}
            onClick={unlock.start}
          >
            {t('keys.unlock')}
          </Button>
        )}
      </div>
      {unlocked && <p className="hint">{t('keys.lockHint')}</p>}
    </>
  );
}

function StoreCard({ keys }: { keys: KeysView }) {
  const { t } = useTranslation();
  const { available, name, detail } = keys.keychain;
  const keychain = detail === null ? t('keys.noKeychain') : t('keys.noKeychainBecause', { detail });
  return (
    <Card title={t('settings.section.keys')}>
      {!keys.backupConfirmed && keys.exists && <Notice tone="unstaking" title={t('keys.notBackedUp')} />}
      <Facts
        rows={[
          [t('keys.store'), t(`keys.kind.${keys.store.kind}`, { name: keys.store.name })],
          [t('keys.keychain'), available ? name : keychain],
          [t('keys.state'), t(keys.unlocked ? 'keys.isUnlocked' : 'keys.isLocked')],
          keys.walletAddress === null
            ? null
            : [t('keys.wallet'), <IdText key="w" id={keys.walletAddress} name={t('keys.wallet')} />],
          keys.nodeId === null ? null : [t('keys.nodeId'), <IdText key="n" id={keys.nodeId} name={t('keys.nodeId')} />],
        ]}
      />
      <LockAct unlocked={keys.unlocked} />
    </Card>
  );
}

function BackupCard({ keys: { rehearsedAtMs, nodeKeysSaved: saved, unlocked } }: { keys: KeysView }) {
  const { t } = useTranslation();
  const nowMs = useNow(30_000);
  const rehearse = useSecureAct('rehearse', rehearsedAtMs);
  const backup = useSecureAct('backup', saved?.atMs ?? null);
  const tried =
    rehearsedAtMs === null ? t('keys.phraseUntried') : t('keys.phraseTried', { ago: agoText(rehearsedAtMs, nowMs) });
  const savedText =
    saved === null
      ? t('keys.nodeKeysNever')
      : t(saved.current ? 'keys.nodeKeysSaved' : 'keys.nodeKeysOld', { ago: agoText(saved.atMs, nowMs) });
  return (
    <Card title={t('keys.backupTitle')}>
      <p className="hint">{t('keys.backupHint')}</p>
      <Facts
        rows={[
          [t('keys.phrase'), tried],
          [t('keys.nodeKeys'), savedText],
        ]}
      />
      <SecureActState act={rehearse} />
      {/* What was saved before a new liveness key is no good news any more. */}
      {!(backup.isDone && saved?.current === false) && <SecureActState act={backup} />}
      <div className="actions">
        <Button
          busy={rehearse.open.isPending}
          icon={<RefreshCw size={16} aria-hidden="true" />}
          onClick={() => (backup.open.reset(), rehearse.start())}
        >
          {t('keys.rehearse')}
        </Button>
        <Button
          busy={backup.open.isPending}
          disabled={!unlocked}
          icon={<Save size={16} aria-hidden="true" />}
          onClick={() => (rehearse.open.reset(), backup.start())}
        >
          {t('keys.backup')}
        </Button>
      </div>
      {!unlocked && <p className="hint">{t('keys.unlockFirst')}</p>}
    </Card>
  );
}

function LivenessCard({ keys: { livenessAddress, unlocked } }: { keys: KeysView }) {
  const { t } = useTranslation();
  const rotate = useSecureAct('rotate', livenessAddress);
  return (
    <Card title={t('keys.livenessTitle')}>
      <p className="hint">{t('keys.rotateHint')}</p>
      {livenessAddress !== null && (
        <Facts rows={[[t('keys.liveness'), <IdText key="l" id={livenessAddress} name={t('keys.liveness')} />]]} />
      )}
      <SecureActState act={rotate} />
      <div className="actions">
        <Button
          busy={rotate.open.isPending}
          disabled={!unlocked}
          icon={<KeyRound size={16} aria-hidden="true" />}
          onClick={rotate.start}
        >
          {t('keys.rotate')}
        </Button>
      </div>
      {!unlocked && <p className="hint">{t('keys.unlockFirst')}</p>}
    </Card>
  );
}

/** The section. */
export function KeysSection({ keys }: { keys: KeysView }) {
  return (
    <>
      <StoreCard keys={keys} />
      {keys.exists && <BackupCard keys={keys} />}
      {keys.exists && <LivenessCard keys={keys} />}
    </>
  );
}
