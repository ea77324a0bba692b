/** The console on a desktop: tray, notices, login, sleep, second starts and links, around the node and its window (product.md, Tray and Notifications). */
import { app } from 'electron';
import type { Handlers, Topic } from '../../../src-shared/bridge/index.ts';
import { toAppError } from '../../../src-shared/errors.ts';
import type { Logger } from '../../log/logger.ts';
import { applicationId } from '../application-id.ts';
import { deepLinkPath, deepLinkProtocol, screenPath } from '../deep-link.ts';
import { followNode, type NoticePlanner, type PlannedNotice } from '../desktop-follower.ts';
import { noticeText } from '../desktop-text.ts';
import { startsHidden } from '../starts-hidden.ts';
import type { TrayAct } from '../tray-view.ts';
import { applyLoginItem } from './login-item.ts';
import { showNotice } from './notices.ts';
import { createStayAwake, watchPower } from './power.ts';
import { openTray } from './tray.ts';

type Options = {
  iconsDir: string;
  /** Arguments that name this console when it is started at login. */
  loginArgs: readonly string[];
  startHidden: boolean;
  /** Address in the window to open with. */
  startPath: string | null;
};
type Deps<M> = {
  node: { handlers: Handlers; onTopic(listener: (topic: Topic) => void): () => void; woke(): void };
  host: { show(path?: string | null): void; hide(): void; isWatched(): boolean };
  planner: NoticePlanner<M>;
  /** The system shuts down. */
  onShutdown(): void;
  log: Logger;
};

/** The running shell. */
export type DesktopShell = {
  /** The operator closed the window: to the tray, or an end. */
  closeWindow(): void;
};

const schedule = (delayMs: number, work: () => void): (() => void) => {
  const timer = setTimeout(work, delayMs);
  return () => clearTimeout(timer);
};

/** Starts it and shows the window, unless it starts hidden. */
export function startDesktopShell<M>(options: Options, deps: Deps<M>): DesktopShell {
  const { node, host, log } = deps;
  let toldOfTray = options.startHidden;
  if (process.platform === 'win32') app.setAppUserModelId(applicationId);
  const act = (name: TrayAct): void => {
    if (name === 'open') return host.show();
    if (name === 'problems') return host.show(screenPath('dashboard'));
    if (name === 'quit') return app.quit();
    node.handlers[name === 'pause' ? 'node.pause' : 'node.resume']({}).catch((error: unknown) => log.warn('tray.act_failed', { error: toAppError(error) }));
  };
  const tray = openTray(options.iconsDir, { act, log });
  const notify = ({ kind, recovered, message, others, page, section }: PlannedNotice): void =>
    showNotice({ title: noticeText.title(kind, recovered), body: noticeText.body(message, recovered, others), onClick: () => host.show(screenPath(page, section ?? null)) });

  const follower = followNode({
    handlers: node.handlers,
    onTopic: node.onTopic,
    planner: deps.planner,
    watching: host.isWatched,
    showTray: (view) => tray?.show(view),
    showNotice: notify,
    obey(settings) {
      try {
        applyLoginItem(settings, options.loginArgs);
      } catch (error) {
        log.error('login.not_set', { error });
      }
    },
    stayAwake: createStayAwake(),
    schedule,
    now: Date.now,
    log,
  });

  watchPower({ onSuspend: () => log.info('console.sleeps'), onResume: () => node.woke(), onShutdown: deps.onShutdown });
  if (app.isPackaged) app.setAsDefaultProtocolClient(deepLinkProtocol);
  app.on('second-instance', (_event, args) => host.show(deepLinkPath(args)));
  app.on('open-url', (event, url) => {
    event.preventDefault();
    host.show(deepLinkPath([url]));
  });
  app.on('activate', () => host.show());
  const openedAtLogin = process.platform === 'darwin' && app.getLoginItemSettings().wasOpenedAtLogin;
  const chosen = async (): Promise<boolean> => (await node.handlers['desktop.get']({})).settings.startHidden;
  if (tray === null || options.startPath !== null) host.show(options.startPath);
  else void startsHidden({ asked: options.startHidden, openedAtLogin, chosen }).then((hidden) => !hidden && host.show(options.startPath));
  return {
    closeWindow() {
      // Until the settings are read the window is as it always was: closing quits.
      if (tray === null || follower.settings()?.keepInTray !== true) return app.quit();
      host.hide();
      if (!toldOfTray) showNotice({ ...noticeText.hidden, onClick: () => host.show(screenPath('settings', 'desktop')) });
      toldOfTray = true;
    },
  };
}
