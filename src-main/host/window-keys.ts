/** Keys of the window itself (zoom, close, quit, full screen), where no menu bar brings them (issue: zoom, full keyboard map). */

/** A key press as Electron reports it before the page sees it. */
export type KeyPress = { type: string; key: string; control: boolean; alt: boolean; shift: boolean; meta: boolean };
export type WindowAct = 'zoom_in' | 'zoom_out' | 'zoom_reset' | 'close' | 'quit' | 'full_screen';

const withControl: Readonly<Record<string, WindowAct>> = { '+': 'zoom_in', '=': 'zoom_in', '-': 'zoom_out', _: 'zoom_out', '0': 'zoom_reset', w: 'close', q: 'quit' };

/** What a key press asks of the window; null where it is the page's. On macOS the menu bar has these keys. */
export function windowAct({ type, key, control, alt, meta }: KeyPress, platform: NodeJS.Platform): WindowAct | null {
  if (platform === 'darwin' || type !== 'keyDown' || alt || meta) return null;
  if (key === 'F11' && !control) return 'full_screen';
  const name = key.toLowerCase();
  return control && Object.hasOwn(withControl, name) ? (withControl[name] ?? null) : null;
}

/** Levels as Chromium counts them: each is a fifth; from about half to three times. */
export const zoomLimits = { least: -3, most: 6, step: 0.5 } as const;

/** The zoom level after an act. */
export function zoomAfter(level: number, act: WindowAct): number {
  if (act === 'zoom_reset') return 0;
  const step = act === 'zoom_in' ? zoomLimits.step : act === 'zoom_out' ? -zoomLimits.step : 0;
  return Math.min(zoomLimits.most, Math.max(zoomLimits.least, level + step));
}
