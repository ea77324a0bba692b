/** Diagnostics: the doctor, and the bundle whose every line is shown, with what was taken out of it, before it is saved (issue: "Diagnostics"). */
import { Download, ShieldCheck } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Bundle, BundleLine } from '../../../src-shared/bridge/diagnostics-calls.ts';
import { useTell } from '../../components/announcer.tsx';
import { Button } from '../../components/button.tsx';
import { Card } from '../../components/card.tsx';
import { CopyButton } from '../../components/copy.tsx';
import { Segments, Switch } from '../../components/field.tsx';
import { Empty, ErrorNotice } from '../../components/notice.tsx';
import { useAct } from '../../data/client.tsx';
import { countText } from '../../format/amount.ts';
import { DoctorCard } from './doctor-card.tsx';
import './diagnostics.css';

/** Lines drawn at a time: a log may have thousands. */
const pageLines = 200;

/** The file as it is saved: exactly the lines that were shown, under a heading for each part. */
const fileText = ({ lines }: Bundle): string =>
  lines
    .map(
      ({ part, text }, index) =>
        `${lines[index - 1]?.part === part ? '' : `${index === 0 ? '' : '\n'}[${part}]\n`}${text}\n`,
    )
    .join('');

function save({ fileName }: Bundle, text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type: 'text/plain' }));
  const link = document.createElement('a');
  link.href = url;
  link.download = fileName;
  link.click();
  URL.revokeObjectURL(url);
}

/** The masks stand out, so that the eye finds what was taken out. */
function LineText({ line }: { line: BundleLine }) {
  return line.text
    .split(/(\[redacted(?: \w+)?\])/)
    .map((piece, index) => (piece.startsWith('[redacted') ? <mark key={index}>{piece}</mark> : piece));
}

function Lines({ lines }: { lines: readonly BundleLine[] }) {
  const { t } = useTranslation();
  const [shown, setShown] = useState(pageLines);
  if (lines.length === 0) return <Empty icon={ShieldCheck}>{t('diagnostics.noneRemoved')}</Empty>;
  return (
    <>
      <div className="bundle-lines" tabIndex={0} role="group" aria-label={t('diagnostics.linesLabel')}>
        <ol>
          {lines.slice(0, shown).map((line, index) => (
            <li key={index} className={line.removed.length > 0 ? 'removed' : undefined}>
              {lines[index - 1]?.part !== line.part && <h3>{t(`diagnostics.part.${line.part}`)}</h3>}
              <code>
                <LineText line={line} />
              </code>
              {line.removed.length > 0 && (
                <p className="hint">
                  {t('diagnostics.takenOut', {
                    kinds: line.removed.map((kind) => t(`diagnostics.removed.${kind}`)).join(', '),
                  })}
                </p>
              )}
            </li>
          ))}
        </ol>
      </div>
      {shown < lines.length && (
        <div className="actions">
          <Button small onClick={() => setShown(shown + pageLines)}>
            {t('diagnostics.older')}
          </Button>
        </div>
      )}
    </>
  );
}

function Shown({ bundle }: { bundle: Bundle }) {
  const { t } = useTranslation();
  const [only, setOnly] = useState<'all' | 'removed'>('all');
  const removed = bundle.lines.filter((line) => line.removed.length > 0);
  const text = fileText(bundle);
  return (
    <>
      <p role="status">
        {t('diagnostics.lines', { count: bundle.lines.length, formatted: countText(bundle.lines.length) })},{' '}
        {t('diagnostics.removedLines', { count: removed.length, formatted: countText(removed.length) })}
      </p>
      <Segments
        legend={t('diagnostics.show')}
        value={only}
        onChange={setOnly}
        options={[
          ['all', t('diagnostics.only.all')],
          ['removed', t('diagnostics.only.removed')],
        ]}
      />
      <Lines key={only} lines={only === 'all' ? bundle.lines : removed} />
      <div className="actions">
        <Button look="primary" icon={<Download size={16} aria-hidden="true" />} onClick={() => save(bundle, text)}>
          {t('diagnostics.save')}
        </Button>
        <CopyButton text={text} label={t('diagnostics.copy')} />
      </div>
    </>
  );
}

function BundleCard() {
  const { t } = useTranslation();
  const tell = useTell();
  const [hideAddresses, setHide] = useState(true);
  const gather = useAct('diagnostics.bundle');
  return (
    <Card title={t('diagnostics.bundle')}>
      <p className="hint">{t('diagnostics.bundleIntro')}</p>
      <Switch
        label={t('diagnostics.hideAddresses')}
        hint={t('diagnostics.hideAddressesHint')}
        checked={hideAddresses}
        onChange={(on) => {
          setHide(on);
          gather.reset(); // what is shown must be what the switch says
        }}
      />
      <div className="actions">
        <Button
          busy={gather.isPending}
          onClick={() => gather.mutate({ hideAddresses }, { onError: (error) => tell(false, error.message) })}
        >
          {t(gather.data === undefined ? 'diagnostics.gather' : 'diagnostics.gatherAgain')}
        </Button>
      </div>
      {gather.error !== null && <ErrorNotice error={gather.error} />}
      {gather.data !== undefined && <Shown key={gather.data.atMs} bundle={gather.data} />}
    </Card>
  );
}

/** The section. */
export function DiagnosticsSection() {
  return (
    <>
      <DoctorCard />
      <BundleCard />
    </>
  );
}
