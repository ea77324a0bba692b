/** Addresses of screens from outside the window: a link of our own protocol names a screen and nothing else, so a stranger's link can show but never do (issue: deep link to a screen). */
import { screenPaths } from '../../src-shared/bridge/screens.ts';

/** Registered with the system by an installed console. */
export const deepLinkProtocol = 'operator-console';

/** Screens that may be named, with the address of each in the window. Until it is finished the set-up is what every address shows. */
const screens: Readonly<Record<string, string>> = { ...screenPaths, setup: '/' };

/** Address in the window of a screen, with an optional detail such as a task or a section; null for what is no screen. */
export function screenPath(screen: string, detail: string | null = null): string | null {
  const path = Object.hasOwn(screens, screen) ? screens[screen] : undefined;
  if (path === undefined) return null;
  if (detail === null) return path;
  return path !== '/' && /^[A-Za-z0-9-]{1,80}$/.test(detail) ? `${path}/${detail}` : null;
}

/** Address in the window that one of these arguments names, as `operator-console://tasks/3`; null when none does. */
export function deepLinkPath(args: readonly string[]): string | null {
  for (const text of args) {
    const match = new RegExp(`^${deepLinkProtocol}:/{0,2}([a-z-]+)(?:/([^/]+))?/?$`).exec(text);
    if (match !== null) return screenPath(match[1] ?? '', match[2] ?? null);
  }
  return null;
}
