/** The desktop windows: sandboxed, isolated, and denied everything that is not the console's own page (issue: "Bridge and hosts"). */
import { BrowserWindow, screen, session, type Session, type WebContents, type WebPreferences } from 'electron';
import { readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { z } from 'zod';
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
const stateSchema = z.object({ bounds: boundsSchema, maximized: z.boolean() });
type WindowState = z.infer<typeof stateSchema>;

/** The state kept last time; null when there is none, it does not parse, or its place is on no screen any more. */
function readState(file: string): WindowState | null {
  try {
    const state = stateSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
    const { workArea } = screen.getDisplayMatching(state.bounds);
    const { x, y, width } = state.bounds;
    const isVisible = x + width > workArea.x && x < workArea.x + workArea.width && y >= workArea.y && y < workArea.y + workArea.height;
    return isVisible ? state : null;
  } catch {
    return null; // the window then opens at its usual size
  }
}

/** Keeps place and size of a window for the next start. */
export async function keepWindowState(window: BrowserWindow, file: string): Promise<void> {
  if (window.isDestroyed()) return;
  const state: WindowState = { bounds: window.getNormalBounds(), maximized: window.isMaximized() };
  makePrivateFolder(dirname(file));
  await writeFileAtomically(file, Buffer.from(JSON.stringify(state)));
}

/** Opens the console's window, still hidden until it can be painted. */
export function createConsoleWindow(options: { preload: string; profile: Session; stateFile: string; title: string }): BrowserWindow {
  const state = readState(options.stateFile);
  const window = new BrowserWindow({
    width: 1280,
    height: 860,
    ...state?.bounds,
    minWidth: 400,
    minHeight: 500,
    show: false,
    title: options.title,
    webPreferences: { ...preferences, preload: options.preload, session: options.profile },
  });
  if (state?.maximized === true) window.maximize();
  window.once('ready-to-show', () => window.show());
  return window;
}

/** Opens a secure page over the console's window: own session, no preload. */
export function createSecureWindow(parent: BrowserWindow, title: string): BrowserWindow {
  const window = new BrowserWindow({
    parent,
    modal: true,
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
