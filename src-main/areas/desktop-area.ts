/** The bridge's desktop area: settings that the desktop host obeys (product.md, Tray and Notifications). */
import type { DesktopArea } from '../handlers/desktop-handlers.ts';
import type { AreaParts } from './area-parts.ts';

/** Assembles the area over the live parts. */
export const desktopArea = ({ options, preferences, changed }: AreaParts): DesktopArea => ({
  view: () => ({ isDesktop: options.host === 'desktop', settings: preferences.desktop() }),
  set(settings) {
    preferences.setDesktop(settings);
    changed('settings');
  },
});
