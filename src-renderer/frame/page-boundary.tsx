/** Stands in for a page that cannot be drawn: says so, writes what broke to the node's log, and offers the report (issue: "error boundary with report"). */
import { Component } from 'react';
import type { ErrorInfo, ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'wouter';
import { Button } from '../components/button.tsx';
import { CopyButton } from '../components/copy.tsx';
import { Notice } from '../components/notice.tsx';
import { ClientContext } from '../data/client.tsx';
import type { Client } from '../bridge.ts';

const mostMessage = 2_000;
const mostTrace = 8_000;

/** What a report holds: nothing of what was on the page but its address. */
export const reportOf = (error: unknown, trace: string): { page: string; message: string; trace: string } => ({
  page: window.location.hash.slice(0, 200),
  message: (error instanceof Error ? `${error.name}: ${error.message}` : String(error)).slice(0, mostMessage),
  trace: `${error instanceof Error ? (error.stack ?? '') : ''}\n${trace}`.slice(0, mostTrace),
});

type Report = ReturnType<typeof reportOf>;

/** The window is loaded anew at the same address: drawing again would keep what broke, and a page whose file could not be fetched is never asked for again. */
const loadAgain = (): void => window.location.reload();

function Broken({ report, onLeave }: { report: Report; onLeave: () => void }) {
  const { t } = useTranslation();
  return (
    <>
      <h1 className="sr-only">{t('diagnostics.broke')}</h1>
      <Notice tone="danger" role="alert" title={t('diagnostics.broke')}>
        <p className="break">{report.message}</p>
        <p>{t('diagnostics.brokeHint')}</p>
        <div className="actions">
          <Button small onClick={loadAgain}>
            {t('act.tryAgain')}
          </Button>
          <CopyButton text={JSON.stringify(report, null, 2)} label={t('diagnostics.report')} />
          <Link href="/settings/diagnostics" onClick={onLeave}>
            {t('diagnostics.toBundle')}
          </Link>
        </div>
        <details>
          <summary>{t('error.details')}</summary>
          <pre>{report.trace}</pre>
        </details>
      </Notice>
    </>
  );
}

/** The boundary. `place` is the page's address: going elsewhere draws anew. */
export class PageBoundary extends Component<
  { place: string; children: ReactNode },
  { report: Report | null; place: string }
> {
  static override contextType = ClientContext;
  declare context: Client | null;
  override state = { report: null as Report | null, place: this.props.place };

  static getDerivedStateFromError(error: unknown): { report: Report } {
    return { report: reportOf(error, '') };
  }

  static getDerivedStateFromProps(
    props: { place: string },
    state: { place: string },
  ): { report: null; place: string } | null {
    return props.place === state.place ? null : { report: null, place: props.place };
  }

  override componentDidCatch(error: unknown, { componentStack }: ErrorInfo): void {
    const report = reportOf(error, componentStack ?? '');
    this.setState({ report });
    // The node may be what is broken: then the report on the screen has to do.
    this.context?.call('diagnostics.report', report).catch(() => undefined);
  }

  override render(): ReactNode {
    const { report } = this.state;
    return report === null ? (
      this.props.children
    ) : (
      <Broken report={report} onLeave={() => this.setState({ report: null })} />
    );
  }
}
