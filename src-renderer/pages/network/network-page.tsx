/** The sandbox's dials: time, demand, faults (product.md, Network). */
import { FlaskConical } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { SandboxView } from '../../../src-shared/bridge/views.ts';
import { useTell } from '../../components/announcer.tsx';
import { Button } from '../../components/button.tsx';
import { Card, Facts } from '../../components/card.tsx';
import { Select, Switch } from '../../components/field.tsx';
import { Empty, Notice } from '../../components/notice.tsx';
import { PageHead } from '../../components/page-head.tsx';
import { Read } from '../../components/read.tsx';
import { Term } from '../../components/term.tsx';
import { useNow } from '../../components/use-now.ts';
import { useAct, useCall } from '../../data/client.tsx';
import { countText } from '../../format/amount.ts';
import { celsiusText } from '../../format/gauge.ts';
import { durationText } from '../../format/time.ts';
import { AttestationCard } from './attestation-card.tsx';
import { DemandCard } from './demand-card.tsx';
import { epochLengthOf, epochLengths } from './dials.ts';
import { SecondNodeCard } from './second-node-card.tsx';
import './network.css';

function TimeCard({ sandbox }: { sandbox: SandboxView }) {
  const { t } = useTranslation();
  const tell = useTell();
  const nowMs = useNow(1_000);
  const length = useAct('sandbox.setEpochLength', ['sandbox.get', 'node.get']);
  const skip = useAct('sandbox.skipEpochs', ['sandbox.get', 'node.get', 'stacks.list', 'leave.get']);
  const value = sandbox.epochLengthMs === null ? 'manual' : String(sandbox.epochLengthMs);
  const options = [...new Set([...epochLengths, value])].map(
    (entry) => [entry, entry === 'manual' ? t('network.manual') : durationText(Number(entry))] as const,
  );
  const onError = { onError: (error: Error) => tell(false, error.message) };
  const skipBy = (epochs: number): void =>
    skip.mutate({ epochs }, { ...onError, onSuccess: () => tell(true, t('network.skipped', { count: epochs })) });
  return (
    <Card title={t('network.time')} className="span-6">
      <div className="dial">
        <dl className="dial-figures">
          <div>
            <dt>
              <Term name="epoch" />
            </dt>
            <dd className="figure" data-testid="sandbox-epoch">
              {sandbox.epoch.toString()}
            </dd>
          </div>
          <div>
            <dt>{t('network.nextEpoch')}</dt>
            <dd className="figure">
              {sandbox.nextEpochMs === null ? t('network.onSkip') : durationText(sandbox.nextEpochMs - nowMs)}
            </dd>
          </div>
        </dl>
        <Select
          label={t('network.epochLength')}
          value={value}
          options={options}
          onChange={(next) => length.mutate({ epochLengthMs: epochLengthOf(next) }, onError)}
        />
        <div className="actions">
          <Button busy={skip.isPending} onClick={() => skipBy(1)}>
            {t('network.skipOne')}
          </Button>
          <Button busy={skip.isPending} onClick={() => skipBy(7)}>
            {t('network.skipWeek')}
          </Button>
        </div>
        <p className="hint">{t('network.timeHint')}</p>
      </div>
    </Card>
  );
}

/** What the fault shows. */
const hotC = 95;

/** The hot GPU is a fault of this node's own gauges: the network has none. */
function HotGpu() {
  const { t } = useTranslation();
  const tell = useTell();
  const hardware = useCall('hardware.get', {});
  const set = useAct('hardware.simulateHeat', ['hardware.get', 'node.get', 'node.alerts', 'node.whyIdle']);
  return (
    <Switch
      label={t('hardware.fault.hot')}
      hint={t('hardware.fault.hotHint', { temp: celsiusText(hotC) })}
      checked={hardware.data !== undefined && hardware.data.simulatedC !== null}
      disabled={hardware.data === undefined}
      onChange={(on) => set.mutate({ tempC: on ? hotC : null }, { onError: (error) => tell(false, error.message) })}
    />
  );
}

function FaultsCard({ faults }: { faults: SandboxView['faults'] }) {
  const { t } = useTranslation();
  const tell = useTell();
  const set = useAct('sandbox.setFaults', ['sandbox.get']);
  const change = (next: Partial<SandboxView['faults']>): void =>
    // A switch that was turned a moment ago is not read yet.
    set.mutate(
      { ...faults, ...(set.isPending ? set.variables : {}), ...next },
      { onError: (error) => tell(false, error.message) },
    );
  const delays = [...new Set([0, 1_000, 5_000, 15_000, 30_000, faults.slowChainMs])].map(
    (ms) => [String(ms), ms === 0 ? t('network.noDelay') : durationText(ms)] as const,
  );
  return (
    <Card title={t('network.faults')} className="span-6">
      <div className="dial">
        <Switch
          label={t('network.dropLink')}
          hint={t('network.dropLinkHint')}
          checked={faults.dropLink}
          onChange={(dropLink) => change({ dropLink })}
        />
        <Switch
          label={t('network.chainDown')}
          hint={t('network.chainDownHint')}
          checked={faults.chainDown}
          onChange={(chainDown) => change({ chainDown })}
        />
        <Select
          label={t('network.slowChain')}
          value={String(faults.slowChainMs)}
          options={delays}
          onChange={(ms) => change({ slowChainMs: Number(ms) })}
        />
        <HotGpu />
      </div>
    </Card>
  );
}

function TotalsCard({ totals }: { totals: SandboxView['totals'] }) {
  const { t } = useTranslation();
  const names = ['stacksBought', 'requestsSent', 'accepted', 'rejected', 'declined', 'failed'] as const;
  return (
    <Card title={t('network.totals')} className="span-6">
      <Facts ends rows={names.map((name) => [t(`network.total.${name}`), countText(totals[name])] as const)} />
    </Card>
  );
}

/** The page; only the sandbox has it. */
export function NetworkPage() {
  const { t } = useTranslation();
  const sandbox = useCall('sandbox.get', {});
  return (
    <>
      <PageHead title={t('page.network')} intro={t('network.intro')} />
      <Read query={sandbox}>
        {(view) =>
          view === null ? (
            <Empty icon={FlaskConical}>{t('network.notSandbox')}</Empty>
          ) : (
            <div className="grid">
              {view.lastError !== null && (
                <div className="span-12">
                  <Notice tone="danger" role="alert" title={t('network.buyersFailed')}>
                    <p>{t('network.buyersFailedDo')}</p>
                    <p className="hint break" lang="en">
                      {view.lastError}
                    </p>
                  </Notice>
                </div>
              )}
              <TimeCard sandbox={view} />
              <DemandCard key={JSON.stringify(view.demand)} demand={view.demand} />
              <AttestationCard attestations={view.attestations} />
              {view.secondNode.state !== 'absent' && <SecondNodeCard node={view.secondNode} />}
              <FaultsCard faults={view.faults} />
              <TotalsCard totals={view.totals} />
            </div>
          )
        }
      </Read>
    </>
  );
}
