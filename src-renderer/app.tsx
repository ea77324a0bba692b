/** Chooses between set-up and the console, and between its pages; every page is loaded when first opened. */
import { lazy, Suspense, useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { Redirect, Route, Router, Switch, useLocation } from 'wouter';
import { useHashLocation } from 'wouter/use-hash-location';
import { Announcer } from './components/announcer.tsx';
import { Read, Skeleton } from './components/read.tsx';
import { applyTheme } from './components/theme.ts';
import { useCall } from './data/client.tsx';
import { PageBoundary } from './frame/page-boundary.tsx';
import { Rail } from './frame/rail.tsx';
import { Shortcuts } from './frame/shortcuts.tsx';
import { TopBar } from './frame/top-bar.tsx';
// The first page comes with the window; all others when they are opened.
import { DashboardPage } from './pages/dashboard/dashboard-page.tsx';
import { speak } from './text/i18n.ts';

const Setup = lazy(() => import('./pages/setup/setup-page.tsx').then((page) => ({ default: page.SetupPage })));
const Stacks = lazy(() => import('./pages/stacks/stacks-page.tsx').then((page) => ({ default: page.StacksPage })));
const Jobs = lazy(() => import('./pages/jobs/jobs-page.tsx').then((page) => ({ default: page.JobsPage })));
const Tasks = lazy(() => import('./pages/tasks/tasks-page.tsx').then((page) => ({ default: page.TasksPage })));
const Economics = lazy(() =>
  import('./pages/economics/economics-page.tsx').then((page) => ({ default: page.EconomicsPage })),
);
const Wallet = lazy(() => import('./pages/wallet/wallet-page.tsx').then((page) => ({ default: page.WalletPage })));
const WhyIdle = lazy(() =>
  import('./pages/why-idle/why-idle-page.tsx').then((page) => ({ default: page.WhyIdlePage })),
);
const Models = lazy(() => import('./pages/models/models-page.tsx').then((page) => ({ default: page.ModelsPage })));
const Hardware = lazy(() =>
  import('./pages/hardware/hardware-page.tsx').then((page) => ({ default: page.HardwarePage })),
);
const Attestations = lazy(() =>
  import('./pages/attestations/attestations-page.tsx').then((page) => ({ default: page.AttestationsPage })),
);
const Fleet = lazy(() => import('./pages/fleet/fleet-page.tsx').then((page) => ({ default: page.FleetPage })));
const Leave = lazy(() => import('./pages/leave/leave-page.tsx').then((page) => ({ default: page.LeavePage })));
const Settings = lazy(() =>
  import('./pages/settings/settings-page.tsx').then((page) => ({ default: page.SettingsPage })),
);
const Network = lazy(() => import('./pages/network/network-page.tsx').then((page) => ({ default: page.NetworkPage })));

function useThemeSetting(): void {
  const theme = useCall('settings.get', {}).data?.theme;
  useEffect(() => {
    if (theme !== undefined) applyTheme(theme);
  }, [theme]);
}

function useLanguageSetting(): void {
  const { i18n } = useTranslation();
  const choice = useCall('settings.get', {}).data?.language;
  const tag = choice?.tag;
  const formats = choice?.formats;
  useEffect(() => {
    if (tag !== undefined && formats !== undefined) void speak(i18n, { tag, formats });
  }, [i18n, tag, formats]);
}

function Console() {
  const { t } = useTranslation();
  const [place] = useLocation();
  const node = useCall('node.get', {});
  const sandbox = node.data?.network.kind === 'sandbox';
  return (
    <div className="frame">
      <a
        className="skip"
        href="#main"
        onClick={(event) => {
          event.preventDefault();
          document.getElementById('main')?.focus();
        }}
      >
        {t('frame.skip')}
      </a>
      {node.data === undefined ? (
        <header className="bar">
          <Read query={node}>{() => null}</Read>
        </header>
      ) : (
        <TopBar node={node.data} oldSinceMs={node.error === null ? null : node.dataUpdatedAt} />
      )}
      <Rail sandbox={sandbox} />
      <main className="main" id="main" tabIndex={-1}>
        <PageBoundary place={place}>
          <Suspense fallback={<Skeleton />}>
            <Switch>
              <Route path="/" component={DashboardPage} />
              <Route path="/stacks" component={Stacks} />
              <Route path="/jobs/:taskId?" component={Jobs} />
              <Route path="/tasks/:taskSmallId?" component={Tasks} />
              <Route path="/economics" component={Economics} />
              <Route path="/wallet" component={Wallet} />
              <Route path="/why-idle" component={WhyIdle} />
              <Route path="/models" component={Models} />
              <Route path="/hardware" component={Hardware} />
              <Route path="/attestations/:stackSmallId?" component={Attestations} />
              <Route path="/fleet" component={Fleet} />
              <Route path="/leave" component={Leave} />
              <Route path="/settings/:section?" component={Settings} />
              {(sandbox || node.data === undefined) && <Route path="/network" component={Network} />}
              <Route>
                <Redirect to="/" replace />
              </Route>
            </Switch>
          </Suspense>
        </PageBoundary>
      </main>
    </div>
  );
}

function Start() {
  const { t } = useTranslation();
  useThemeSetting();
  useLanguageSetting();
  const setup = useCall('setup.get', {});
  if (setup.data === undefined) {
    return (
      <main className={setup.error === null ? 'main' : 'main start-failed'}>
        <h1 className={setup.error === null ? 'sr-only' : ''}>{t('frame.brand')}</h1>
        <Read query={setup} loading={<Skeleton label={t('state.starting')} />}>
          {() => null}
        </Read>
      </main>
    );
  }
  if (setup.data.done)
    return (
      <Shortcuts>
        <Console />
      </Shortcuts>
    );
  return (
    <PageBoundary place="setup">
      <Suspense
        fallback={
          <main className="main">
            <Skeleton />
          </main>
        }
      >
        <Setup setup={setup.data} />
      </Suspense>
    </PageBoundary>
  );
}

/** The whole window. */
export function App() {
  return (
    <Router hook={useHashLocation}>
      <Announcer>
        <Start />
      </Announcer>
    </Router>
  );
}
