/** The log as the node keeps it, already redacted, filtered by level and text. */
import { ScrollText } from 'lucide-react';
import { useDeferredValue, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { CallOutput } from '../../../src-shared/bridge/index.ts';
import { Button } from '../../components/button.tsx';
import { Card, Facts } from '../../components/card.tsx';
import { CopyButton } from '../../components/copy.tsx';
import { Field, Select } from '../../components/field.tsx';
import { Empty } from '../../components/notice.tsx';
import { Read } from '../../components/read.tsx';
import { Sheet } from '../../components/sheet.tsx';
import { useNow } from '../../components/use-now.ts';
import { useCall } from '../../data/client.tsx';
import { shortTimeText } from '../../format/time.ts';
import './diagnostics.css';

type Line = CallOutput<'logs.list'>[number];
const levels = ['debug', 'info', 'warn', 'error'] as const;
type Level = (typeof levels)[number];

const fieldsText = (fields: Line['fields']): string =>
  Object.entries(fields)
    .map(([name, value]) => `${name}=${typeof value === 'string' ? value : JSON.stringify(value)}`)
    .join(' ');

const copyText = (lines: readonly Line[]): string =>
  lines
    .map((line) =>
      JSON.stringify({ time: new Date(line.atMs).toISOString(), level: line.level, event: line.event, ...line.fields }),
    )
    .join('\n');

/** One event whole, its fields as structured text. */
function LogDetails({ line, onClose }: { line: Line; onClose: () => void }) {
  const { t } = useTranslation();
  return (
    <Sheet title={t('diagnostics.logDetails')} onClose={onClose}>
      <Facts
        rows={[
          [t('dashboard.when'), new Date(line.atMs).toISOString()],
          [
            t('logs.level'),
            <span key="l" className={`log-level ${line.level}`}>
              {t(`logs.levels.${line.level}`)}
            </span>,
          ],
          [
            t('logs.event'),
            <code key="e" className="break">
              {line.event}
            </code>,
          ],
        ]}
      />
      <pre className="log-details" tabIndex={0} aria-label={t('logs.fields')}>
        {JSON.stringify(line.fields, null, 2)}
      </pre>
      <div className="actions">
        <CopyButton text={copyText([line])} label={t('error.copy')} />
      </div>
    </Sheet>
  );
}

function LogTable({ lines, onOpen }: { lines: readonly Line[]; onOpen: (line: Line) => void }) {
  const { t } = useTranslation();
  const nowMs = useNow(60_000);
  return (
    <div className="table-wrap tall" tabIndex={0} role="group" aria-label={t('settings.section.logs')}>
      <table className="table cards log-table">
        <caption className="sr-only">{t('settings.section.logs')}</caption>
        <thead>
          <tr>
            <th scope="col">{t('dashboard.when')}</th>
            <th scope="col">{t('logs.level')}</th>
            <th scope="col">{t('logs.event')}</th>
            <th scope="col">{t('logs.fields')}</th>
          </tr>
        </thead>
        <tbody>
          {lines.map((line, index) => (
            <tr key={`${line.atMs}-${index}`}>
              <td className="nowrap">{shortTimeText(line.atMs, nowMs)}</td>
              <td>
                <span className={`log-level ${line.level}`}>{t(`logs.levels.${line.level}`)}</span>
              </td>
              <td className="nowrap">
                <Button
                  small
                  look="quiet"
                  aria-label={t('diagnostics.logOpen', { event: line.event })}
                  onClick={() => onOpen(line)}
                >
                  <code>{line.event}</code>
                </Button>
              </td>
              <td className="break">
                <code className="log-fields">{fieldsText(line.fields)}</code>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** The section. */
export function LogsSection() {
  const { t } = useTranslation();
  const [level, setLevel] = useState<Level>('info');
  const [text, setText] = useState('');
  const [open, setOpen] = useState<Line | null>(null);
  const search = useDeferredValue(text);
  const logs = useCall('logs.list', { limit: 200, level, text: search }, { keepPrevious: true });
  return (
    <Card
      title={t('settings.section.logs')}
      head={<CopyButton text={copyText(logs.data ?? [])} label={t('logs.copy')} />}
    >
      <div className="two">
        <Select
          label={t('logs.atLeast')}
          value={level}
          onChange={setLevel}
          options={levels.map((entry) => [entry, t(`logs.levels.${entry}`)] as const)}
        />
        <Field
          label={t('logs.text')}
          type="search"
          maxLength={200}
          value={text}
          onChange={(event) => setText(event.target.value)}
        />
      </div>
      <Read query={logs}>
        {(lines) =>
          lines.length === 0 ? (
            <Empty icon={ScrollText}>{t('logs.none')}</Empty>
          ) : (
            <LogTable lines={lines} onOpen={setOpen} />
          )
        }
      </Read>
      {open !== null && <LogDetails line={open} onClose={() => setOpen(null)} />}
    </Card>
  );
}
