/** How a journey starts the unpacked package: as it is, or, where the Electron in it only hands over to the application it is told, through that. */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';

/** Executable, and the application to name in its first argument; null where the executable brings it. */
export type PackageToTry = { executable: string; app: string | null };

/** The package under `dist`, or null where none was built. */
export function packageToTry(dist: string): PackageToTry | null {
  const unpacked = join(dist, 'linux-unpacked');
  const executable = join(unpacked, 'operator-console');
  if (!existsSync(executable)) return null;
  // The Electron of the tests carries an application that supplies what this older Node lacks and then starts the one it is given.
  if (!existsSync(join(unpacked, 'resources', 'app'))) return { executable, app: null };
  const trial = join(dist, 'linux-trial');
  rmSync(trial, { recursive: true, force: true });
  execFileSync('cp', ['-al', unpacked, trial]);
  // An archive at its usual place would be started first, and only an executable of this name takes options for its children.
  renameSync(join(trial, 'operator-console'), join(trial, 'electron'));
  const folder = join(trial, 'resources', 'console');
  mkdirSync(folder);
  for (const name of ['app.asar', 'app.asar.unpacked']) renameSync(join(trial, 'resources', name), join(folder, name));
  return { executable: join(trial, 'electron'), app: join(folder, 'app.asar') };
}
