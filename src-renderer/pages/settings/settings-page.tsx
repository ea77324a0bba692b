/** Settings by section, each with an address of its own (product.md, Settings). */
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useParams } from 'wouter';
import type { SettingsView } from '../../../src-shared/bridge/views.ts';
import { Card } from '../../components/card.tsx';
import { PageHead } from '../../components/page-head.tsx';
import { Read } from '../../components/read.tsx';
import { useCurrentInSight } from '../../components/use-current-in-sight.ts';
import { useCall } from '../../data/client.tsx';
import { ConfidentialSection } from './confidential-section.tsx';
import { DiagnosticsSection } from './diagnostics-section.tsx';
import { EnginesSection } from './engines/engines-section.tsx';
import { DesktopSection } from './desktop-section.tsx';
import { AboutSection, AppearanceSection } from './general-sections.tsx';
import { IngressSection } from './ingress-section.tsx';
import { KeysSection } from './keys-section.tsx';
import { LogsSection } from './logs-section.tsx';
import { MachineSection } from './machine-section.tsx';
import { NetworkSection } from './network-section.tsx';
import { PoliciesSection } from './policies-section.tsx';
import { RemoteSection } from './remote-section.tsx';
import { settingsSections } from './settings-sections.ts';
import './settings.css';

type Section = (typeof settingsSections)[number];

/** The wallet has a page; its old place leads there. */
function WalletLink() {
  const { t } = useTranslation();
  return (
    <Card title={t('settings.section.wallet')}>
      <p>{t('wallet.linkIntro')}</p>
      <Link href="/wallet">{t('wallet.link')}</Link>
    </Card>
  );
}

/** The fields start anew from figures that were saved; a switch alone leaves them, and the focus, where they are. */
const figuresOf = (policies: SettingsView['policies']): string =>
  JSON.stringify(Object.values(policies).filter((value) => typeof value === 'number'));

function bodyOf(section: Section, settings: SettingsView): ReactNode {
  switch (section) {
    case 'network':
      return <NetworkSection settings={settings} />;
    case 'keys':
      return <KeysSection keys={settings.keys} />;
    case 'wallet':
      return <WalletLink />;
    case 'policies':
      return <PoliciesSection key={figuresOf(settings.policies)} policies={settings.policies} />;
    case 'machine':
      return <MachineSection />;
    case 'engines':
      return <EnginesSection />;
    case 'ingress':
      return <IngressSection />;
    case 'confidential':
      return <ConfidentialSection />;
    case 'desktop':
      return <DesktopSection />;
    case 'appearance':
      return <AppearanceSection settings={settings} />;
    case 'remote':
      return <RemoteSection />;
    case 'diagnostics':
      return <DiagnosticsSection />;
    case 'logs':
      return <LogsSection />;
    case 'about':
      return <AboutSection parked={settings.parked} />;
  }
}

/** The page. */
export function SettingsPage() {
  const { t } = useTranslation();
  const { section: asked } = useParams<{ section?: string }>();
  const section = settingsSections.find((entry) => entry === asked) ?? 'network';
  const settings = useCall('settings.get', {});
  const nav = useCurrentInSight<HTMLElement>(section);
  return (
    <>
      <PageHead title={t('page.settings')} />
      <div className="settings">
        <nav ref={nav} className="settings-nav more-fades" aria-label={t('settings.sections')}>
          {settingsSections.map((entry) => (
            <Link key={entry} href={`/settings/${entry}`} aria-current={entry === section ? 'page' : undefined}>
              {t(`settings.section.${entry}`)}
            </Link>
          ))}
        </nav>
        <div className={section === 'logs' ? 'settings-body wide' : 'settings-body'}>
          <Read query={settings}>{(view) => bodyOf(section, view)}</Read>
        </div>
      </div>
    </>
  );
}
