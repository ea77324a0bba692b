/** Calls about the desktop's own settings (src-shared/bridge/desktop-calls.ts). */
import type { DesktopSettings, DesktopView, desktopCalls } from '../../src-shared/bridge/desktop-calls.ts';
import type { Handlers } from '../../src-shared/bridge/index.ts';

type Area = Pick<Handlers, keyof typeof desktopCalls>;

/** What these calls need of the node. */
export type DesktopArea = { view(): DesktopView; set(settings: DesktopSettings): void };

/** Binds the calls to the node. */
export const desktopHandlers = (area: DesktopArea): Area => ({
  'desktop.get': async () => area.view(),
  'desktop.set': async ({ settings }) => {
    area.set(settings);
    return area.view();
  },
});
