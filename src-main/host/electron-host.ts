/** Hosts the console in a desktop window: its files and its secure pages answered from inside, no network, one channel for calls and one for topics (architecture.md, "The bridge"). */
import { app, dialog, ipcMain, Menu, session, utilityProcess, type BrowserWindow, type Session, type WebContents } from 'electron';
import { join } from 'node:path';
import type { Topic } from '../../src-shared/bridge/index.ts';
import { channels } from '../../src-shared/bridge/names.ts';
import type { Logger } from '../log/logger.ts';
import type { ChildHandle, SpawnChild } from '../platform/processes.ts';
import type { DispatchCall } from './dispatch-call.ts';
import { createIpcCall, desktopOrigin, isConsoleUrl } from './ipc-call.ts';
import { desktopText, pageText } from './page-text.ts';
import type { RendererFiles } from './renderer-files.ts';
import type { SecurePages } from './secure-pages.ts';
import type { StopChoice } from './stop-guard.ts';
import { confineContents, confineSession, createConsoleWindow, createSecureWindow, createWindowMemory, secureSession } from './window.ts';
import { windowAct, zoomAfter, type WindowAct } from './window-keys.ts';

/** Origin of the secure pages; see {@link desktopOrigin}. */
const secureOrigin = 'https://secure.invalid';

type Options = { preload: string; /** Image of the window, where the system asks for one. */ icon: string; /** Folder of the window's own state: place, size, browser profile. */ windowDir: string };
type Deps = {
  dispatch: DispatchCall;
  onTopic(listener: (topic: Topic) => void): () => void;
  files: RendererFiles;
  securePages: SecurePages;
  closeSecurePage(token: string): void;
  /** The operator closed the window, which stays open unless `hide` is called. */
  onCloseRequest(): void;
  /** The operator wants the console to end. */
  onQuitRequest(): void;
  log: Logger;
};

/** The running desktop host. */
export type ElectronHost = {
  /** Opens a secure page in a window of its own; the one before it is closed. */
  openSecurePage(token: string): Promise<{ url: null }>;
  /** Brings the window to the front, opened anew where it was hidden; `path` is an address in it, such as /stacks. */
  show(path?: string | null): void;
  /** Puts the window away: it is destroyed, so that its memory is free while nobody looks (product.md, Rules). */
  hide(): void;
  /** True while the operator looks at the window. */
  isWatched(): boolean;
  /** Keeps the window's place; called before the process ends. */
  close(): Promise<void>;
};

/** Software rendering, so that no VRAM is taken that could be sold (product.md, rules). It can be chosen only before Electron is ready. */
export function renderInSoftware(): void {
  if (!app.isReady()) app.disableHardwareAcceleration();
}

/** SpawnChild over utilityProcess; the child's output goes to this process's. */
export const spawnUtility: SpawnChild = (modulePath, args, { env = {}, quiet = false } = {}): ChildHandle => {
  const inherited = Object.fromEntries(Object.entries(process.env).filter((pair): pair is [string, string] => pair[1] !== undefined));
  const child = utilityProcess.fork(modulePath, [...args], { env: { ...inherited, ...env }, stdio: quiet ? 'ignore' : 'inherit' });
  const listeners: ((code: number | null) => void)[] = [];
  let ended: { code: number | null } | null = null;
  child.once('exit', (code) => {
    ended = { code };
    for (const listener of listeners) listener(code);
  });
  return {
    get pid() {
      return child.pid;
    },
    send: (message) => {
      if (ended === null) child.postMessage(message);
    },
    onMessage: (listener) => void child.on('message', listener),
    onExit: (listener) => {
      if (ended) listener(ended.code);
      else listeners.push(listener);
    },
    kill: () => void child.kill(),
  };
};

/** Asks what to do with running work; finishing it is the default. */
export async function askBeforeStop(running: number): Promise<StopChoice> {
  const choices: readonly StopChoice[] = ['finish', 'now', 'cancel'];
  const { response } = await dialog.showMessageBox({
    type: 'question',
    title: pageText.product,
    message: desktopText.stop.message(running),
    detail: desktopText.stop.detail,
    buttons: [desktopText.stop.finish, desktopText.stop.now, desktopText.stop.cancel],
    defaultId: 0,
    cancelId: 2,
    noLink: true,
  });
  return choices[response] ?? 'cancel';
}

/** Serves the console's window, which is opened by `show`. Electron must be ready. */
export function startElectronHost(options: Options, deps: Deps): ElectronHost {
  if (process.platform !== 'darwin') Menu.setApplicationMenu(null);
  const profile = session.fromPath(join(options.windowDir, 'profile'));
  const memory = createWindowMemory(join(options.windowDir, 'window.json'));
  confineSession(profile, desktopOrigin);
  confineSession(secureSession(), secureOrigin);
  // What the window itself made, such as a CSV or a bundle, may be saved; the system asks where. Nothing is fetched from elsewhere.
  profile.on('will-download', (event, item) => {
    if (!item.getURL().startsWith(`blob:${desktopOrigin}/`)) event.preventDefault();
  });
  app.on('web-contents-created', (_event, contents) => confineContents(contents, isOwnUrl));

  serveFiles(profile, deps.files);
  ipcMain.handle(channels.call, createIpcCall(deps));
  // Without a listener Electron would quit when the window is hidden.
  app.on('window-all-closed', () => undefined);
  let window: BrowserWindow | null = null;
  const open = (path: string): BrowserWindow => {
    const opened = createConsoleWindow({ preload: options.preload, profile, memory, title: pageText.product, icon: options.icon });
    opened.on('close', (event) => {
      event.preventDefault();
      deps.onCloseRequest();
    });
    opened.on('closed', () => {
      if (window === opened) window = null;
    });
    opened.webContents.on('before-input-event', (event, press) => {
      const act = windowAct(press, process.platform);
      if (act === null) return;
      event.preventDefault();
      actOnWindow(opened, act, deps);
    });
    opened.webContents.on('render-process-gone', (_event, { reason }) => {
      deps.log.error('window.gone', { reason });
      if (reason !== 'clean-exit' && !opened.isDestroyed()) opened.webContents.reload();
    });
    load(opened, path);
    return opened;
  };
  const load = (target: BrowserWindow, path: string): void => {
    target.loadURL(`${desktopOrigin}/#${path}`).catch((error: unknown) => deps.log.warn('window.not_loaded', { error }));
  };
  const stopTopics = deps.onTopic((topic) => window?.webContents.send(channels.topic, topic));
  const keepState = (): Promise<void> => (window === null ? Promise.resolve() : memory.keep(window));
  return {
    openSecurePage: serveSecurePages(() => window, deps),
    show(path = null) {
      if (window === null) {
        window = open(path ?? '/');
        return;
      }
      if (path !== null) load(window, path);
      if (window.isMinimized()) window.restore();
      window.show();
      window.focus();
    },
    hide() {
      keepState().catch((error: unknown) => deps.log.warn('window.not_kept', { error }));
      window?.destroy();
    },
    isWatched: () => window?.isFocused() === true && window.isVisible(),
    async close() {
      stopTopics();
      await keepState();
    },
  };
}

function actOnWindow(window: BrowserWindow, act: WindowAct, deps: Pick<Deps, 'onCloseRequest' | 'onQuitRequest'>): void {
  if (act === 'close') return deps.onCloseRequest();
  if (act === 'quit') return deps.onQuitRequest();
  if (act === 'full_screen') return window.setFullScreen(!window.isFullScreen());
  window.webContents.setZoomLevel(zoomAfter(window.webContents.getZoomLevel(), act));
}

/** The console's window stays on its files; a secure window stays on the page it was opened with. */
const isOwnUrl = (url: string, from: WebContents): boolean => (from.session === secureSession() ? url === from.getURL() : isConsoleUrl(url));

function serveFiles(profile: Session, files: RendererFiles): void {
  profile.protocol.handle('https', async ({ url, method }) => {
    const file = isConsoleUrl(url) && method === 'GET' ? await files(new URL(url).pathname) : null;
    return file === null ? new Response(null, { status: 404 }) : new Response(file.body, { headers: { ...file.headers } });
  });
}

function serveSecurePages(parent: () => BrowserWindow | null, deps: Deps): (token: string) => Promise<{ url: null }> {
  let open: BrowserWindow | null = null;
  secureSession().protocol.handle('https', async (request) => {
    const { origin, pathname } = new URL(request.url);
    const token = origin === secureOrigin ? pathname.slice(1) : '';
    const body = new Uint8Array(await request.arrayBuffer());
    const answer = await deps.securePages({ method: request.method, token, contentType: request.headers.get('content-type') ?? '', body });
    // The act is over: the console behind shows how it ended.
    if (answer.done && answer.status === 200) open?.close();
    return new Response(answer.body, { status: answer.status, headers: { ...answer.headers } });
  });
  return async (token) => {
    open?.close();
    const window = createSecureWindow(parent(), pageText.product);
    open = window;
    window.once('closed', () => {
      if (open === window) open = null;
      deps.closeSecurePage(token);
    });
    await window.loadURL(`${secureOrigin}/${token}`);
    return { url: null };
  };
}
