/** Appends log lines to a file that only its owner reads, and turns it over at a size (architecture.md, "Logging"). */
import { closeSync, fstatSync, openSync, renameSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { makePrivateFolder } from '../platform/files.ts';

const defaultMaxBytes = 5 * 1024 * 1024;

/** An open log file. `write` never throws: a full disk must not stop the node; the first failure is told to `onFailure`. */
export type LogFile = { write(line: string): void; close(): void };

/** Opens `console.log` in a folder; the one before is kept as `console.1.log`. */
export function openLogFile(folder: string, deps: { onFailure(error: unknown): void; maxBytes?: number }): LogFile {
  makePrivateFolder(folder);
  const path = join(folder, 'console.log');
  const maxBytes = deps.maxBytes ?? defaultMaxBytes;
  let file = openSync(path, 'a', 0o600);
  let size = fstatSync(file).size;
  let failed = false;

  const turnOver = (): void => {
    closeSync(file);
    renameSync(path, join(folder, 'console.1.log'));
    file = openSync(path, 'a', 0o600);
    size = 0;
  };
  return {
    write(line) {
      try {
        if (size > maxBytes) turnOver();
        size += writeSync(file, line);
      } catch (error) {
        if (!failed) deps.onFailure(error);
        failed = true;
      }
    },
    close: () => closeSync(file),
  };
}
