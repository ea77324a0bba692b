/** The rail of pages that exist; icons below 1,100 px, a bottom bar below 720 px (design.md, "Frame"). */
import {
  Boxes,
  Cpu,
  FlaskConical,
  Gauge,
  Layers,
  LayoutDashboard,
  ListChecks,
  ListTodo,
  LogOut,
  ScanSearch,
  Scale,
  Server,
  Settings,
  Wallet,
} from 'lucide-react';
import type { LucideIcon } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { Link, useLocation } from 'wouter';
import { screenPaths } from '../../src-shared/bridge/screens.ts';
import { useCurrentInSight } from '../components/use-current-in-sight.ts';

/** The pages, by their word in the catalogue. */
export type PageName = Exclude<keyof typeof screenPaths, 'why-idle'>;

/** Address of a page. */
export const pathOf: Readonly<Record<PageName, string>> = screenPaths;

const icons: Record<PageName, LucideIcon> = {
  dashboard: LayoutDashboard,
  tasks: ListTodo,
  stacks: Layers,
  jobs: ListChecks,
  models: Boxes,
  hardware: Gauge,
  attestations: ScanSearch,
  economics: Scale,
  wallet: Wallet,
  fleet: Server,
  leave: LogOut,
  settings: Settings,
  network: FlaskConical,
};
const pages: readonly PageName[] = [
  'dashboard',
  'tasks',
  'stacks',
  'jobs',
  'models',
  'hardware',
  'attestations',
  'economics',
  'wallet',
  'fleet',
  'leave',
  'settings',
];

const isCurrent = (page: PageName, location: string): boolean =>
  page === 'dashboard' ? location === '/' : location === pathOf[page] || location.startsWith(`${pathOf[page]}/`);

/** `sandbox` adds the Network page. */
export function Rail({ sandbox }: { sandbox: boolean }) {
  const { t } = useTranslation();
  const [location] = useLocation();
  const shown = sandbox ? [...pages, 'network' as const] : pages;
  const list = useCurrentInSight<HTMLUListElement>(location);
  return (
    <nav className="rail" aria-label={t('frame.pages')}>
      <div className="rail-inner">
        <p className="rail-brand">
          <Cpu size={20} aria-hidden="true" />
          <span className="rail-word">{t('frame.brand')}</span>
        </p>
        <ul ref={list} className="more-fades">
          {shown.map((page) => {
            const Icon = icons[page];
            return (
              <li key={page}>
                <Link
                  href={pathOf[page]}
                  aria-current={isCurrent(page, location) ? 'page' : undefined}
                  title={t(`page.${page}`)}
                >
                  <Icon size={18} aria-hidden="true" />
                  <span className="rail-word">{t(`page.${page}`)}</span>
                </Link>
              </li>
            );
          })}
        </ul>
      </div>
    </nav>
  );
}
