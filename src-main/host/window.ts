/** The desktop windows: sandboxed, isolated, and denied everything that is not the console's own page (issue: "Bridge and hosts"). */
import { BrowserWindow, screen, session, type Session, type WebContents, type WebPreferences } from 'electron';
import { readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { z } from 'zod';
import { boundsOnDisplays, type Bounds } from './window-bounds.ts';
import { zoomLimits } from './window-keys.ts';
import { makePrivateFolder, writeFileAtomically } from '../platform/files.ts';

/** Session of the secure pages: in memory, so that nothing of them is kept. */
export const secureSession = (): Session => session.fromPartition('secure');

const preferences: WebPreferences = {
  contextIsolation: true,
  sandbox: true,
  nodeIntegration: false,
  nodeIntegrationInSubFrames: false,
  webSecurity: true,
  webviewTag: false,
  // The spell checker would fetch dictionaries from the network.
  spellcheck: false,
};

const boundsSchema = z.object({ x: z.int(), y: z.int(), width: z.int().min(400), height: z.int().min(300) });
const stateSchema = z.object({ bounds: boundsSchema, maximized: z.boolean(), zoom: z.number().min(zoomLimits.least).max(zoomLimits.most).default(0) });
type WindowState = z.infer<typeof stateSchema>;

/** Place, size and zoom of the window, from one opening to the next. */
export type WindowMemory = {
  /** The state kept last, its place null where that is on no screen any more; null when there is none or it does not parse. */
  read(): { bounds: Bounds | null; maximized: boolean; zoom: number } | null;
  /** Keeps the state of a window. What it needs of the window is read before anything is awaited. */
  keep(window: BrowserWindow): Promise<void>;
};

/** Creates it over its file. A window that is opened again at once does not wait until the file is written. */
export function createWindowMemory(file: string): WindowMemory {
  let last: WindowState | null = null;
  const readFile = (): WindowState | null => {
    try {
      return stateSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
    } catch {
      return null; // the window then opens at its usual size
    }
  };
  return {
    read() {
      const state = last ?? readFile();
      return state === null ? null : { ...state, bounds: boundsOnDisplays(state.bounds, screen.getAllDisplays().map(({ workArea }) => workArea)) };
    },
    async keep(window) {
      if (window.isDestroyed()) return;
      last = { bounds: window.getNormalBounds(), maximized: window.isMaximized(), zoom: window.webContents.getZoomLevel() };
      makePrivateFolder(dirname(file));
      await writeFileAtomically(file, Buffer.from(JSON.stringify(last)));
    },
  };
}

/** Opens the console's window, still hidden until it can be painted, at the place, size and zoom it had. */
export function createConsoleWindow(options: { preload: string; profile: Session; memory: WindowMemory; title: string; icon: string }): BrowserWindow {
  const state = options.memory.read();
  const window = new BrowserWindow({
    width: 1280,
    height: 860,
    ...(state?.bounds ?? {}),
    minWidth: 400,
    minHeight: 500,
    show: false,
    title: options.title,
    ...(process.platform === 'linux' ? { icon: options.icon } : {}),
    webPreferences: { ...preferences, preload: options.preload, session: options.profile },
  });
  if (state?.maximized === true) window.maximize();
  // Set with each load: a level set before the first one is lost.
  window.webContents.on('did-finish-load', () => window.webContents.setZoomLevel(state?.zoom ?? 0));
  window.once('ready-to-show', () => window.show());
  return window;
}

/** Opens a secure page, over the console's window where that is open: own session, no preload. */
export function createSecureWindow(parent: BrowserWindow | null, title: string): BrowserWindow {
  const window = new BrowserWindow({
    ...(parent === null ? {} : { parent, modal: true }),
    width: 640,
    height: 760,
    minimizable: false,
    fullscreenable: false,
    show: false,
    title,
    webPreferences: { ...preferences, session: secureSession() },
  });
  window.once('ready-to-show', () => window.show());
  return window;
}

/** Denies a page every way out: new windows, webviews, and navigation or redirects that `isOwn` does not know. */
export function confineContents(contents: WebContents, isOwn: (url: string, from: WebContents) => boolean): void {
  contents.setWindowOpenHandler(() => ({ action: 'deny' }));
  contents.on('will-attach-webview', (event) => event.preventDefault());
  contents.on('will-frame-navigate', (event) => {
    if (!event.isMainFrame || !isOwn(event.url, contents)) event.preventDefault();
  });
  contents.on('will-redirect', (event) => {
    if (!isOwn(event.url, contents)) event.preventDefault();
  });
}

/** Denies a session every permission and device, and every request but those to its own origin. */
export function confineSession(target: Session, origin: string): void {
  target.setPermissionRequestHandler((_contents, _permission, decide) => decide(false));
  target.setPermissionCheckHandler(() => false);
  target.setDevicePermissionHandler(() => false);
  const local = [`${origin}/`, 'data:', 'blob:', 'devtools:'];
  target.webRequest.onBeforeRequest((details, decide) => decide({ cancel: !local.some((prefix) => details.url.startsWith(prefix)) }));
}
