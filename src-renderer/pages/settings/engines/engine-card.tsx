/** One engine: whether it answers, what it serves, whether its answers may be compared, and the ways to change it. */
import { CircleAlert, CircleCheck, CircleDashed, CirclePause, LoaderCircle } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { EngineView } from '../../../../src-shared/bridge/engine-calls.ts';
import { useTell } from '../../../components/announcer.tsx';
import { Button } from '../../../components/button.tsx';
import { Card, Facts } from '../../../components/card.tsx';
import { Notice } from '../../../components/notice.tsx';
import { PlainTable } from '../../../components/plain-table.tsx';
import { RemoveSheet } from '../../../components/remove-sheet.tsx';
import { Mark } from '../../../components/state-pill.tsx';
import { useNow } from '../../../components/use-now.ts';
import { useAct } from '../../../data/client.tsx';
import { agoText, shortTimeText, workTimeText } from '../../../format/time.ts';
import { engineRoleWord } from './engine-form.ts';
import { EngineSheet } from './engine-sheet.tsx';

const marks = {
  up: ['executing', CircleCheck],
  down: ['danger', CircleAlert],
  off: ['idle', CirclePause],
  unchecked: ['ready', CircleDashed],
} as const;
/** `compared`: its answers are bytes that others could compute again; pictures are not. */
type ModelRow = EngineView['models'][number] & { compared: boolean };

function SamplingMark({ row }: { row: ModelRow }) {
  const { t } = useTranslation();
  const nowMs = useNow(60_000);
  if (!row.compared) return <span className="muted">{t('engines.notChat')}</span>;
  if (row.probing)
    return (
      <Mark tone="ready" icon={LoaderCircle}>
        {t('engines.probing')}
      </Mark>
    );
  if (row.probe === null) return <span className="muted">{t('engines.notProbed')}</span>;
  return (
    <span className="engine-probe">
      <Mark tone={row.probe.equal ? 'executing' : 'unstaking'} icon={row.probe.equal ? CircleCheck : CircleAlert}>
        {t(row.probe.equal ? 'engines.exact' : 'engines.differs')}
      </Mark>
      <span className="hint">
        {t('engines.probeOf', { count: row.probe.alone + row.probe.together, ago: agoText(row.probe.atMs, nowMs) })}
      </span>
    </span>
  );
}

function ModelTable({ engine }: { engine: EngineView }) {
  const { t } = useTranslation();
  const tell = useTell();
  const probe = useAct('engines.probe', ['engines.list']);
  const rows: ModelRow[] = engine.models.map((model) => ({
    ...model,
    compared: engineRoleWord(engine.settings.models.find(({ id }) => id === model.id)?.role ?? 0) !== 'images',
  }));
  return (
    <PlainTable
      label={t('engines.table', { name: engine.settings.name })}
      heads={[
        t('engines.column.model'),
        t('engines.column.ready'),
        t('engines.column.sampling'),
        t('engines.column.act'),
      ]}
    >
      {rows.map((row) => (
        <tr key={row.id}>
          <th scope="row" className="break">
            {row.id}
          </th>
          <td>
            <Mark tone={row.ready ? 'executing' : 'idle'} icon={row.ready ? CircleCheck : CircleDashed}>
              {t(row.ready ? 'engines.ready' : 'engines.notReady')}
            </Mark>
          </td>
          <td>
            <SamplingMark row={row} />
          </td>
          <td>
            {row.compared && (
              <Button
                small
                busy={row.probing}
                disabled={!row.ready}
                aria-label={`${t(row.probe === null ? 'engines.probe' : 'engines.probeAgain')}: ${row.id}`}
                onClick={() =>
                  probe.mutate(
                    { id: engine.settings.id, modelId: row.id },
                    { onError: (error) => tell(false, error.message) },
                  )
                }
              >
                {t(row.probe === null ? 'engines.probe' : 'engines.probeAgain')}
              </Button>
            )}
          </td>
        </tr>
      ))}
    </PlainTable>
  );
}

function RemoveEngine({ engine, onClose }: { engine: EngineView; onClose: () => void }) {
  const { t } = useTranslation();
  const { id, name } = engine.settings;
  const removal = useAct('engines.remove', ['engines.list', 'models.get', 'node.get']);
  return (
    <RemoveSheet
      title={t('engines.removeTitle', { name })}
      act={t('engines.remove')}
      done={t('engines.removed', { name })}
      removal={removal}
      input={{ id }}
      onClose={onClose}
    >
      <p>{t('engines.removeWhat')}</p>
    </RemoveSheet>
  );
}

/** The card. */
export function EngineCard({ engine, keysUnlocked }: { engine: EngineView; keysUnlocked: boolean }) {
  const { t } = useTranslation();
  const tell = useTell();
  const nowMs = useNow(15_000);
  const [open, setOpen] = useState<'edit' | 'remove' | null>(null);
  const check = useAct('engines.check', ['engines.list']);
  const { settings, state } = engine;
  const [tone, icon] = marks[state];
  const asked = engine.check;
  return (
    <Card
      title={settings.name}
      level={3}
      head={
        <Mark tone={tone} icon={icon}>
          {t(`engines.state.${state}`)}
        </Mark>
      }
    >
      {state === 'down' && asked?.problem !== null && asked !== null && (
        <Notice tone="danger" title={asked.problem.message} />
      )}
      <Facts
        rows={[
          [t('engines.program'), t(`engines.kindsShort.${settings.kind}`)],
          [
            t('engines.url'),
            <code key="u" className="break">
              {settings.url}
            </code>,
          ],
          [t('engines.version'), asked?.version ?? t('engines.unknown')],
          asked === null
            ? null
            : [
                t('engines.checked'),
                t('engines.checkedAgo', { ago: agoText(asked.atMs, nowMs), took: workTimeText(asked.tookMs) }),
              ],
          [
            t('engines.load'),
            t('engines.loadNow', { running: engine.running, most: settings.concurrency, waiting: engine.waiting }),
          ],
        ]}
      />
      {engine.pausedUntilMs !== null && (
        <Notice
          tone="unstaking"
          title={t('engines.pausedUntil', { time: shortTimeText(engine.pausedUntilMs, nowMs) })}
        />
      )}
      {engine.unencrypted && <p className="hint">{t('engines.unencrypted')}</p>}
      {engine.lastError !== null && (
        <p className="hint break">
          {t('engines.lastError')}: {engine.lastError.message}
        </p>
      )}
      {engine.models.length > 0 && <ModelTable engine={engine} />}
      <div className="actions">
        <Button
          busy={check.isPending}
          disabled={state === 'off'}
          onClick={() => check.mutate({ id: settings.id }, { onError: (error) => tell(false, error.message) })}
        >
          {t('engines.askAgain')}
        </Button>
        <Button onClick={() => setOpen('edit')}>{t('engines.edit')}</Button>
        <Button onClick={() => setOpen('remove')}>{t('engines.remove')}</Button>
      </div>
      {open === 'edit' && (
        <EngineSheet
          settings={settings}
          hasToken={engine.hasToken}
          keysUnlocked={keysUnlocked}
          onClose={() => setOpen(null)}
        />
      )}
      {open === 'remove' && <RemoveEngine engine={engine} onClose={() => setOpen(null)} />}
    </Card>
  );
}
