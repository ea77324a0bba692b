/** Listens for the console's keys and shows their list, opened by ? or a button (issue: full keyboard map). */
import { createContext, useContext, useEffect, useId, useMemo, useRef, useState } from 'react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useLocation } from 'wouter';
import { useTell } from '../components/announcer.tsx';
import { Switch } from '../components/field.tsx';
import { Sheet } from '../components/sheet.tsx';
import { useAct, useCall } from '../data/client.tsx';
import { keyAct, pageKeys, sequenceMs } from './key-map.ts';
import type { KeyPage } from './key-map.ts';

const storageKey = 'keys.single';
const ShortcutsContext = createContext<() => void>(() => undefined);

/** Opens the list of keys. */
export const useShowShortcuts = (): (() => void) => useContext(ShortcutsContext);

function rememberedSingle(): boolean {
  try {
    return localStorage.getItem(storageKey) !== 'off';
  } catch {
    return true; // a browser that keeps nothing starts each time as new
  }
}

const isTypedInto = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement &&
  (target.isContentEditable ||
    target.matches('input:not([type=checkbox], [type=radio], [type=button]), textarea, select'));

function Keys({ keys }: { keys: readonly string[] }) {
  const { t } = useTranslation();
  const [first = '', second] = keys;
  if (second === undefined) return <kbd>{first}</kbd>;
  return (
    <span>
      <kbd>{first}</kbd> <span className="sr-only">{t('shortcuts.then', { first, second })}</span>
      <kbd>{second}</kbd>
    </span>
  );
}

type Row = readonly [keys: readonly string[], act: string];

function Group({ title, rows }: { title: string; rows: readonly Row[] }) {
  const { t } = useTranslation();
  const id = useId();
  return (
    <section aria-labelledby={id}>
      <h3 id={id}>{title}</h3>
      <table className="keys">
        <thead className="sr-only">
          <tr>
            <th scope="col">{t('shortcuts.key')}</th>
            <th scope="col">{t('shortcuts.act')}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map(([keys, act]) => (
            <tr key={act}>
              <td>
                <Keys keys={keys} />
              </td>
              <td>{act}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function ShortcutsSheet(props: { single: boolean; setSingle: (on: boolean) => void; onClose: () => void }) {
  const { t } = useTranslation();
  const info = useCall('app.info', {}).data;
  const nameOf = (page: KeyPage): string => t(page === 'whyIdle' ? 'whyIdle.title' : `page.${page}`);
  const isMac = info?.platform === 'darwin';
  const control = isMac ? 'Cmd' : 'Ctrl';
  const windowRows: Row[] = [
    [[`${control} +`], t('shortcuts.acts.zoomIn')],
    [[`${control} −`], t('shortcuts.acts.zoomOut')],
    [[`${control} 0`], t('shortcuts.acts.zoomReset')],
    [[isMac ? 'Ctrl Cmd F' : 'F11'], t('shortcuts.acts.fullScreen')],
    [[`${control} W`], t('shortcuts.acts.hide')],
    [[`${control} Q`], t('shortcuts.acts.quit')],
  ];
  return (
    <Sheet title={t('shortcuts.title')} onClose={props.onClose}>
      <p className="hint">{t('shortcuts.intro')}</p>
      <Switch
        label={t('shortcuts.single')}
        hint={t('shortcuts.singleHint')}
        checked={props.single}
        onChange={props.setSingle}
      />
      <Group
        title={t('shortcuts.group.go')}
        rows={Object.entries(pageKeys).map(([key, page]) => [['g', key], nameOf(page)] as const)}
      />
      <Group
        title={t('shortcuts.group.act')}
        rows={[
          [['p'], t('shortcuts.acts.pause')],
          [['?'], t('shortcuts.acts.help')],
          [['Ctrl /'], t('shortcuts.open')],
        ]}
      />
      <Group
        title={t('shortcuts.group.everywhere')}
        rows={[
          [['Tab'], t('shortcuts.acts.next')],
          [['Shift Tab'], t('shortcuts.acts.previous')],
          [['Enter'], t('shortcuts.acts.press')],
          [['Esc'], t('shortcuts.acts.close')],
        ]}
      />
      {info?.host === 'desktop' && <Group title={t('shortcuts.group.window')} rows={windowRows} />}
    </Sheet>
  );
}

/** Puts the keys over everything below. */
export function Shortcuts({ children }: { children: ReactNode }) {
  const { t } = useTranslation();
  const tell = useTell();
  const [, go] = useLocation();
  const [shown, setShown] = useState(false);
  const [single, setSingle] = useState(rememberedSingle);
  const begunMs = useRef(0);
  const node = useCall('node.get', {}).data;
  const pause = useAct('node.pause', ['node.get', 'node.alerts', 'node.timeline']);
  const resume = useAct('node.resume', ['node.get', 'node.alerts', 'node.timeline']);
  const show = useMemo(() => () => setShown(true), []);

  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (event.defaultPrevented || event.repeat) return;
      const press = {
        key: event.key,
        ctrlKey: event.ctrlKey,
        altKey: event.altKey,
        metaKey: event.metaKey,
        isTyping: isTypedInto(event.target),
      };
      const act = keyAct(press, { begun: event.timeStamp - begunMs.current < sequenceMs, single });
      begunMs.current = act?.kind === 'begin' ? event.timeStamp : -sequenceMs;
      if (act === null || act.kind === 'begin') return;
      // Under an open dialog nothing moves; its own list closes by the key that opened it.
      const open = document.querySelector('dialog[open]') !== null;
      if (open && !(act.kind === 'help' && shown)) return;
      event.preventDefault();
      if (act.kind === 'help') setShown(!shown);
      if (act.kind === 'go') go(act.path);
      if (act.kind === 'pause' && node !== undefined) {
        const { paused } = node;
        (paused ? resume : pause).mutate(
          {},
          {
            onSuccess: () => tell(true, t(paused ? 'shortcuts.resumed' : 'shortcuts.paused')),
            onError: (error) => tell(false, error.message),
          },
        );
      }
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, [go, node, pause, resume, shown, single, t, tell]);

  const keep = (on: boolean): void => {
    setSingle(on);
    try {
      localStorage.setItem(storageKey, on ? 'on' : 'off');
    } catch {
      // It holds for this window then.
    }
  };
  return (
    <ShortcutsContext value={show}>
      {children}
      {shown && <ShortcutsSheet single={single} setSingle={keep} onClose={() => setShown(false)} />}
    </ShortcutsContext>
  );
}
