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
import { confineContents, confineSession, createConsoleWindow, createSecureWindow, keepWindowState, secureSession } from './window.ts';

/** Origin of the secure pages; see {@link desktopOrigin}. */
const secureOrigin = 'https://secure.invalid';

type Options = { preload: string; /** Folder of the window's own state: place, size, browser profile. */ windowDir: string };
type Deps = {
  dispatch: DispatchCall;
  onTopic(listener: (topic: Topic) => void): () => void;
  files: RendererFiles;
  securePages: SecurePages;
  closeSecurePage(token: string): void;
  /** The operator closed the window; it stays until the console has stopped. */
  onCloseRequest(): void;
  log: Logger;
};

/** The running desktop host. */
export type ElectronHost = {
  /** Opens a secure page in a window of its own; the one before it is closed. */
  openSecurePage(token: string): Promise<{ url: null }>;
  /** Brings the window to the front, for a second start of the application. */
  focus(): void;
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

/** Opens the console's window and serves it. Electron must be ready. */
export async function startElectronHost(options: Options, deps: Deps): Promise<ElectronHost> {
  if (process.platform !== 'darwin') Menu.setApplicationMenu(null);
  const profile = session.fromPath(join(options.windowDir, 'profile'));
  const stateFile = join(options.windowDir, 'window.json');
  confineSession(profile, desktopOrigin);
  confineSession(secureSession(), secureOrigin);
  // Downloads are for the secure pages' backup alone.
  profile.on('will-download', (event) => event.preventDefault());
  app.on('web-contents-created', (_event, contents) => confineContents(contents, isOwnUrl));

  serveFiles(profile, deps.files);
  ipcMain.handle(channels.call, createIpcCall(deps));
  const window = createConsoleWindow({ preload: options.preload, profile, stateFile, title: pageText.product });
  window.on('close', (event) => {
    event.preventDefault();
    deps.onCloseRequest();
  });
  const stopTopics = deps.onTopic((topic) => {
    if (!window.isDestroyed()) window.webContents.send(channels.topic, topic);
  });
  const secure = serveSecurePages(window, deps);
  window.webContents.on('render-process-gone', (_event, { reason }) => {
    deps.log.error('window.gone', { reason });
    if (reason !== 'clean-exit' && !window.isDestroyed()) window.webContents.reload();
  });
  await window.loadURL(`${desktopOrigin}/`);
  return {
    openSecurePage: secure,
    focus: () => {
      if (window.isMinimized()) window.restore();
      window.show();
      window.focus();
    },
    async close() {
      stopTopics();
      await keepWindowState(window, stateFile);
    },
  };
}

/** The console's window stays on its files; a secure window stays on the page it was opened with. */
const isOwnUrl = (url: string, from: WebContents): boolean => (from.session === secureSession() ? url === from.getURL() : isConsoleUrl(url));

function serveFiles(profile: Session, files: RendererFiles): void {
  profile.protocol.handle('https', async ({ url, method }) => {
    const file = isConsoleUrl(url) && method === 'GET' ? await files(new URL(url).pathname) : null;
    return file === null ? new Response(null, { status: 404 }) : new Response(file.body, { headers: { ...file.headers } });
  });
}

function serveSecurePages(parent: BrowserWindow, deps: Deps): (token: string) => Promise<{ url: null }> {
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
    const window = createSecureWindow(parent, pageText.product);
    open = window;
    window.once('closed', () => {
      if (open === window) open = null;
      deps.closeSecurePage(token);
    });
    await window.loadURL(`${secureOrigin}/${token}`);
    return { url: null };
  };
}
