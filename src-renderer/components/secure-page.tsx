/** The wait while the operator acts on the host's own page: a window on the desktop, a link in the browser (architecture.md, "Loopback host"). */
import { ExternalLink } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { Notice } from './notice.tsx';
import { Progress } from './progress.tsx';

/** Opens the host's page in a tab of its own, without a way back into this window; the desktop host has opened its window already. */
export const showSecurePage = (url: string | null): void => {
  if (url !== null) window.open(url, '_blank', 'noopener,noreferrer');
};

/** The pressed button is gone when this appears, so the next thing to press takes the focus. */
const takeFocus = (element: HTMLAnchorElement | null): void => element?.focus();

/** The link is for browsers that did not open the tab. `url` null means that the host opened its own window. `waiting` says what is waited for. */
export function SecurePageWait({ url, waiting }: { url: string | null; waiting: string }) {
  const { t } = useTranslation();
  return (
    <Notice tone="ready" role="status" title={url === null ? t('secure.windowOpened') : t('secure.openIt')}>
      <p>{t('secure.why')}</p>
      {url !== null && (
        <a className="button primary" href={url} target="_blank" rel="noopener noreferrer" ref={takeFocus}>
          <ExternalLink size={16} aria-hidden="true" />
          {t('secure.open')}
          <span className="sr-only">{t('secure.newTab')}</span>
        </a>
      )}
      <p className="hint">{waiting}</p>
      <Progress percent={null} label={waiting} />
    </Notice>
  );
}
