/** The console in the system's tray: draws a TrayView and passes on what is chosen there (product.md, Tray). */
import { Menu, nativeImage, Tray, type NativeImage } from 'electron';
import { join } from 'node:path';
import type { Logger } from '../../log/logger.ts';
import { pageText } from '../page-text.ts';
import type { TrayAct, TrayEntry, TrayIcon, TrayView } from '../tray-view.ts';

type Deps = { act(act: TrayAct): void; log: Logger };

/** The tray while it is there. */
export type ConsoleTray = { show(view: TrayView): void; close(): void };

/** Each system has its size; macOS colours a template itself. */
function imageOf(iconsDir: string, icon: TrayIcon): NativeImage {
  const suffix = process.platform === 'darwin' ? 'Template' : process.platform === 'win32' ? '-win' : '-linux';
  return nativeImage.createFromPath(join(iconsDir, 'tray', `${icon}${suffix}.png`));
}

/** Puts the console into the tray; null where the system has none to offer. */
export function openTray(iconsDir: string, { act, log }: Deps): ConsoleTray | null {
  const item = (entry: TrayEntry): Electron.MenuItemConstructorOptions => {
    if (entry.kind === 'line') return { type: 'separator' };
    return entry.kind === 'text' ? { label: entry.text, enabled: false } : { label: entry.text, click: () => act(entry.act) };
  };
  try {
    const tray = new Tray(imageOf(iconsDir, 'idle'));
    tray.setToolTip(pageText.product);
    tray.on('click', () => act('open'));
    let icon: TrayIcon = 'idle';
    return {
      show(view) {
        if (tray.isDestroyed()) return;
        if (view.icon !== icon) tray.setImage(imageOf(iconsDir, view.icon));
        icon = view.icon;
        tray.setToolTip(`${pageText.product}\n${view.tip}`);
        tray.setContextMenu(Menu.buildFromTemplate(view.entries.map(item)));
      },
      close: () => tray.destroy(),
    };
  } catch (error) {
    log.warn('tray.absent', { error });
    return null;
  }
}
