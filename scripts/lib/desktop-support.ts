/** Finds a runnable Electron and a display, or says in one line what is missing. */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Either how to start Electron, or why it cannot be. */
export type DesktopSupport = { ok: true; executable: string; flags: string[] } | { ok: false; why: string };

/** Folder of an Electron to use instead of the installed one, as electron's own launcher reads it. */
const override = (): string | undefined => process.env['ELECTRON_OVERRIDE_DIST_PATH'];

/** The Electron executable: the override's, else the one that electron fetched on first use; null when there is none. */
export function findElectron(root: string): string | null {
  const folder = override();
  const name = process.platform === 'win32' ? 'electron.exe' : 'electron';
  if (folder !== undefined && folder !== '') return existsSync(join(folder, name)) ? join(folder, name) : null;
  const electron = join(root, 'node_modules', 'electron');
  const pathFile = join(electron, 'path.txt');
  if (!existsSync(pathFile)) return null;
  const executable = join(electron, 'dist', readFileSync(pathFile, 'utf8').trim());
  return existsSync(executable) ? executable : null;
}

function fetchElectron(root: string): boolean {
  const script = join(root, 'node_modules', 'electron', 'install.js');
  if (!existsSync(script)) return false;
  console.log('Fetching Electron once…');
  return spawnSync(process.execPath, [script], { stdio: 'ignore', timeout: 180_000 }).status === 0;
}

/** Looks for a display first, then for Electron, which is fetched on first use where that is possible. */
export function desktopSupport(root: string): DesktopSupport {
  if (process.platform === 'linux' && !process.env['DISPLAY'] && !process.env['WAYLAND_DISPLAY']) return { ok: false, why: 'there is no display (DISPLAY is not set)' };
  const executable = findElectron(root) ?? (fetchElectron(root) ? findElectron(root) : null);
  if (executable === null) return { ok: false, why: 'Electron is not installed and could not be fetched' };
  if (process.getuid?.() === 0) return { ok: false, why: "Electron's sandbox does not work for root; start as an ordinary user for the window" };
  return { ok: true, executable, flags: [] };
}
