/** Starts the console at login, shown or hidden: a file on Linux, the system's own list on Windows and macOS (issue: start at login and hidden). */
import { app } from 'electron';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { autostartEntry, autostartFile } from '../autostart-entry.ts';
import { autostartText } from '../desktop-text.ts';

type Choice = { startAtLogin: boolean; startHidden: boolean };

/** Command that starts this very console again; an AppImage is started by its file, not by the folder it is mounted at. */
function ownCommand(args: readonly string[]): string[] {
  const program = process.env['APPIMAGE'] ?? process.execPath;
  return [program, ...(app.isPackaged ? [] : [app.getAppPath()]), ...args];
}

/** Brings the system's list in line with the choice. `args` name this console, such as its data folder. @throws when the file cannot be written */
export function applyLoginItem({ startAtLogin, startHidden }: Choice, args: readonly string[]): void {
  const [program = process.execPath, ...rest] = ownCommand([...args, ...(startHidden ? ['--hidden'] : [])]);
  if (process.platform !== 'linux') return app.setLoginItemSettings({ openAtLogin: startAtLogin, path: program, args: rest });
  const file = autostartFile(process.env);
  if (!startAtLogin) return rmSync(file, { force: true });
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, autostartEntry({ ...autostartText, command: [program, ...rest] }));
}
