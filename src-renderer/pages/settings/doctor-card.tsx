/** The checks of the doctor: each with its state, its proof and what to do (issue: "a doctor that says what to do"). */
import { CircleAlert, CircleCheck, CircleHelp, TriangleAlert } from 'lucide-react';
import type { LucideIcon } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { DoctorCheck } from '../../../src-shared/bridge/diagnostics-calls.ts';
import { Button } from '../../components/button.tsx';
import { Card } from '../../components/card.tsx';
import type { Tone } from '../../components/notice.tsx';
import { Read } from '../../components/read.tsx';
import { Mark } from '../../components/state-pill.tsx';
import { useNow } from '../../components/use-now.ts';
import { useCall } from '../../data/client.tsx';
import { agoText } from '../../format/time.ts';

const marks: Record<DoctorCheck['state'], readonly [Tone, LucideIcon]> = {
  ok: ['executing', CircleCheck],
  warning: ['unstaking', TriangleAlert],
  failed: ['danger', CircleAlert],
  unknown: ['idle', CircleHelp],
};

function Check({ check: { check, state, proof, fix } }: { check: DoctorCheck }) {
  const { t } = useTranslation();
  const [tone, icon] = marks[state];
  return (
    <li className="doctor-check">
      <h3>{t(`diagnostics.check.${check}`)}</h3>
      <Mark tone={tone} icon={icon}>
        {t(`diagnostics.state.${state}`)}
      </Mark>
      <div className="doctor-proof">
        <p className="break" lang="en">
          {proof}
        </p>
        {fix !== null && (
          <p className="break">
            <strong>{t('diagnostics.todo')}:</strong> <span lang="en">{fix}</span>
          </p>
        )}
      </div>
    </li>
  );
}

/** The card. */
export function DoctorCard() {
  const { t } = useTranslation();
  const nowMs = useNow(10_000);
  const doctor = useCall('diagnostics.doctor', {});
  return (
    <Card
      title={t('diagnostics.doctor')}
      head={
        <Button small busy={doctor.isFetching} onClick={() => void doctor.refetch()}>
          {t('diagnostics.again')}
        </Button>
      }
    >
      <p className="hint">{t('diagnostics.doctorIntro')}</p>
      <Read query={doctor}>
        {({ checks, atMs }) => {
          const failed = checks.filter(({ state }) => state === 'failed').length;
          return (
            <>
              <p role="status">
                {failed === 0 ? t('diagnostics.allWell') : t('diagnostics.failed', { count: failed })}{' '}
                <span className="muted">{t('diagnostics.checkedAt', { ago: agoText(atMs, nowMs) })}</span>
              </p>
              <ul className="doctor-list">
                {checks.map((check) => (
                  <Check key={check.check} check={check} />
                ))}
              </ul>
            </>
          );
        }}
      </Read>
    </Card>
  );
}
