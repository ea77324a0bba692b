/** Where the command line finds the running console of a data folder: port and token in a file that only its owner reads (decision 0013; security.md, "Command line"). */
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { AppError } from '../../src-shared/errors.ts';
import { folderHolder, modeBeyond, writeFileAtomically } from './files.ts';

const schema = z.object({ pid: z.number().int().positive(), port: z.number().int().min(1).max(65_535), token: z.string().min(40).max(100) });

/** Address and secret of a console's control passage. */
export type ControlFile = z.infer<typeof schema>;

/** Path of the file in a data folder. */
export const controlFilePath = (dataDir: string): string => join(dataDir, 'control.json');

/** Writes it, readable by its owner alone; it is worth something only while this process holds the folder. */
export async function keepControlFile(dataDir: string, content: ControlFile): Promise<void> {
  await writeFileAtomically(controlFilePath(dataDir), Buffer.from(`${JSON.stringify(content)}\n`));
}

/** Removes what {@link keepControlFile} wrote. */
export function dropControlFile(dataDir: string): void {
  rmSync(controlFilePath(dataDir), { force: true });
}

/**
 * Reads it; null when no console runs on the folder. A file whose process does not hold the folder any more is passed over,
 * so that the token is never sent to a stranger who listens on that port now.
 * @throws AppError keys.too_open when others can read it.
 */
export function readControlFile(dataDir: string): ControlFile | null {
  const path = controlFilePath(dataDir);
  const text = textOf(path);
  if (text === null) return null;
  if (modeBeyond(path, 0o600) !== 0) throw new AppError('keys.too_open', { command: `chmod 600 ${path}` });
  const parsed = parse(text);
  return parsed !== null && folderHolder(dataDir) === parsed.pid ? parsed : null;
}

function textOf(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw error;
  }
}

function parse(text: string): ControlFile | null {
  try {
    return schema.parse(JSON.parse(text));
  } catch {
    return null; // not a file that a console wrote whole
  }
}
