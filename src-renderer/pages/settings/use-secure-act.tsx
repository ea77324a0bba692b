/** An act on a page of the host's own: opened from here, waited for with a way out, and told when it is done (architecture.md, "Loopback host"; product.md: "Each waiting state has … a way out"). */
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '../../components/button.tsx';
import { ErrorNotice, Notice } from '../../components/notice.tsx';
import { SecurePageWait, showSecurePage } from '../../components/secure-page.tsx';
import { useAct } from '../../data/client.tsx';

/** The acts of the key store. */
export type SecureAct = 'unlock' | 'backup' | 'rehearse' | 'rotate';

/** Opens the page of one act; it is done when the fact that it changes is another. */
export function useSecureAct(act: SecureAct, fact: string | number | boolean | null) {
  const open = useAct('keys.open', ['settings.get', 'setup.get', 'node.get']);
  const [before, setBefore] = useState(fact);
  return {
    act,
    open,
    isDone: open.data !== undefined && fact !== before,
    start(): void {
      setBefore(fact);
      open.mutate({ page: act }, { onSuccess: ({ url }) => showSecurePage(url) });
    },
  };
}

/** How the act goes; nothing before it was begun. */
export function SecureActState({ act: { act, open, isDone } }: { act: ReturnType<typeof useSecureAct> }) {
  const { t } = useTranslation();
  if (open.error !== null) return <ErrorNotice error={open.error} />;
  if (open.data === undefined) return null;
  if (isDone) return <Notice tone="executing" role="status" title={t(`keys.done.${act}`)} />;
  return (
    <>
      <SecurePageWait url={open.data.url} waiting={t(`keys.waiting.${act}`)} />
      <div className="actions">
        <Button small onClick={() => open.reset()}>
          {t('keys.stopWaiting')}
        </Button>
      </div>
    </>
  );
}
