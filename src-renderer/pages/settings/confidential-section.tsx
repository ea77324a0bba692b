/** Confidential tasks: whether this machine may serve them and why not, what was found of its hardware, the key on chain, the sandbox's rehearsal (protocol.md 7.7). */
import { CircleAlert, CircleCheck, CircleDashed, FlaskConical } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { ConfidentialView } from '../../../src-shared/bridge/confidential-calls.ts';
import { useTell } from '../../components/announcer.tsx';
import { Button } from '../../components/button.tsx';
import { Card, Facts } from '../../components/card.tsx';
import { Switch } from '../../components/field.tsx';
import { Notice } from '../../components/notice.tsx';
import { Read } from '../../components/read.tsx';
import { Mark } from '../../components/state-pill.tsx';
import { useNow } from '../../components/use-now.ts';
import { useAct, useCall } from '../../data/client.tsx';
import { agoText } from '../../format/time.ts';

const marks = {
  hardware: ['executing', CircleCheck],
  simulated: ['unstaking', FlaskConical],
  no: ['idle', CircleDashed],
} as const;
const signMarks = {
  yes: ['executing', CircleCheck],
  no: ['idle', CircleDashed],
  denied: ['danger', CircleAlert],
} as const;

function StateCard({ view }: { view: ConfidentialView }) {
  const { t } = useTranslation();
  const [tone, icon] = marks[view.serves];
  return (
    <Card
      title={t('confidential.title')}
      head={
        <Mark tone={tone} icon={icon}>
          {t(`confidential.serves.${view.serves}`)}
        </Mark>
      }
    >
      <p className="muted">{t('confidential.lead')}</p>
      {view.whyNot !== null && (
        <Notice tone="ready" title={t(`confidential.whyNot.${view.whyNot.code}`)}>
          <p>{t(`confidential.todo.${view.whyNot.code}`)}</p>
        </Notice>
      )}
      {view.serves === 'simulated' && (
        <Notice tone="unstaking" title={t('confidential.simulatedTitle')}>
          <p>{t('confidential.simulatedText')}</p>
        </Notice>
      )}
      {view.problem !== null && <Notice tone="danger" title={view.problem.message} />}
    </Card>
  );
}

function SignsCard({ view }: { view: ConfidentialView }) {
  const { t } = useTranslation();
  const tell = useTell();
  const look = useAct('confidential.look', ['confidential.get']);
  return (
    <Card title={t('confidential.found')}>
      <Facts
        rows={view.signs.map(({ what, found, proof }) => {
          const [tone, icon] = signMarks[found];
          return [
            t(`confidential.sign.${what}`),
            <span key={what} className="mark-note">
              <Mark tone={tone} icon={icon}>
                {t(`confidential.state.${found}`)}
              </Mark>
              <span className="hint break" lang="en">
                {proof}
              </span>
            </span>,
          ];
        })}
      />
      <div className="actions">
        <Button
          busy={look.isPending}
          onClick={() =>
            look.mutate(
              {},
              { onSuccess: () => tell(true, t('confidential.looked')), onError: (error) => tell(false, error.message) },
            )
          }
        >
          {t('confidential.look')}
        </Button>
      </div>
    </Card>
  );
}

function KeyCard({ view: { key } }: { view: ConfidentialView }) {
  const { t } = useTranslation();
  const nowMs = useNow(15_000);
  const announced = key?.announced ?? null;
  return (
    <Card title={t('confidential.key')}>
      {key === null ? (
        <p>{t('confidential.keyNone')}</p>
      ) : (
        <Facts
          rows={[
            [
              t('confidential.key'),
              <code key="k" className="break">
                {key.publicKey}
              </code>,
            ],
            [
              t('confidential.announced'),
              announced === null ? t('confidential.keyWaits') : agoText(announced.atMs, nowMs),
            ],
            announced === null ? null : [t('confidential.counter'), announced.counter.toString()],
            announced === null
              ? null
              : [
                  t('confidential.transaction'),
                  <code key="d" className="break">
                    {announced.digest}
                  </code>,
                ],
          ]}
        />
      )}
      <p className="hint">{t('confidential.keyLife')}</p>
    </Card>
  );
}

function RehearsalCard({ on }: { on: boolean }) {
  const { t } = useTranslation();
  const tell = useTell();
  const rehearse = useAct('confidential.rehearse', ['confidential.get', 'tasks.list']);
  return (
    <Card title={t('confidential.rehearsal')}>
      <Switch
        label={t('confidential.rehearse')}
        hint={t('confidential.rehearseHint')}
        checked={on}
        disabled={rehearse.isPending}
        onChange={(next) =>
          rehearse.mutate(
            { on: next },
            {
              onSuccess: () => tell(true, t(next ? 'confidential.rehearseOn' : 'confidential.rehearseOff')),
              onError: (error) => tell(false, error.message),
            },
          )
        }
      />
    </Card>
  );
}

/** The section. */
export function ConfidentialSection() {
  const query = useCall('confidential.get', {});
  return (
    <Read query={query}>
      {(view) => (
        <>
          <StateCard view={view} />
          {view.serves !== 'no' && <KeyCard view={view} />}
          <SignsCard view={view} />
          {view.rehearsal.possible && view.whyNot?.code !== 'generation' && <RehearsalCard on={view.rehearsal.on} />}
        </>
      )}
    </Read>
  );
}
