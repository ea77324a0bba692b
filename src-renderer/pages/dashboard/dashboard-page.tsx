/** Is it working, what did it earn, is anything wrong (product.md, Dashboard; layout from design.md). */
import { useTranslation } from 'react-i18next';
import { Card } from '../../components/card.tsx';
import { PageHead } from '../../components/page-head.tsx';
import { NotRead, Read, ReadsOfPage } from '../../components/read.tsx';
import { useCall } from '../../data/client.tsx';
import { EarningsCard } from './earnings-card.tsx';
import { Figures } from './figures.tsx';
import { LastJobsCard } from './last-jobs-card.tsx';
import { MachineCard, NeedsCard } from './side-cards.tsx';
import { TimelineCard } from './timeline-card.tsx';
import './dashboard.css';

/** The page. */
export function DashboardPage() {
  const { t } = useTranslation();
  const earnings = useCall('earnings.get', {});
  const node = useCall('node.get', {}).data;
  return (
    <>
      <PageHead title={t('page.dashboard')} />
      <ReadsOfPage>
        <div className="grid">
          <div className="span-12">
            <Read query={earnings} unread={<Figures earnings={null} node={node} />}>
              {(data) => <Figures earnings={data} node={node} />}
            </Read>
          </div>
          {earnings.data !== undefined && <EarningsCard coin={earnings.data.coin} />}
          {earnings.data === undefined && earnings.error !== null && (
            <Card className="span-12" title={t('dashboard.earnings')}>
              <NotRead />
            </Card>
          )}
          <NeedsCard node={node} />
          <MachineCard node={node} />
          <TimelineCard />
          <LastJobsCard />
        </div>
      </ReadsOfPage>
    </>
  );
}
