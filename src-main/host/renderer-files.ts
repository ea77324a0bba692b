/** Serves the built window's files by a list made at start, so that no path from outside ever reaches the disk (issue: "Bridge and hosts"). */
import { readdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { AppError } from '../../src-shared/errors.ts';
import { consoleHeaders } from './page-headers.ts';

/** One file with its headers. */
export type ServedFile = { headers: Readonly<Record<string, string>>; body: Uint8Array<ArrayBuffer> };

/** Finds a file by the path of a URL; null for anything that is not in the list. */
export type RendererFiles = (urlPath: string) => Promise<ServedFile | null>;

const contentTypes: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
};

/** Lists a folder by hand: `recursive` does not reach into a packaged archive. */
function listFiles(folder: string, prefix = ''): string[] {
  return readdirSync(join(folder, prefix), { withFileTypes: true }).flatMap((entry) =>
    entry.isDirectory() ? listFiles(folder, `${prefix}${entry.name}/`) : [`${prefix}${entry.name}`],
  );
}

function listIfThere(folder: string): string[] {
  try {
    return listFiles(folder);
  } catch (error) {
    throw new AppError('host.window_missing', { detail: `${folder} cannot be read` }, { cause: error });
  }
}

/**
 * Reads the list of files under `folder`.
 * @throws AppError host.window_missing when there is no `index.html`.
 * A path of one word, such as `/stacks`, is a page of the window and answered with `index.html`.
 */
export function createRendererFiles(folder: string): RendererFiles {
  const files = new Map(listIfThere(folder).map((name) => [`/${name}`, name]));
  if (!files.has('/index.html')) throw new AppError('host.window_missing', { detail: `${folder} holds no index.html` });
  return async (urlPath) => {
    const name = files.get(urlPath) ?? (/^\/[a-z-]*$/.test(urlPath) ? 'index.html' : null);
    const type = name === null ? undefined : contentTypes[extname(name)];
    if (name === null || type === undefined) return null;
    // Names under assets/ carry a hash of their content.
    const caching = name.startsWith('assets/') ? 'private, max-age=31536000, immutable' : 'no-store';
    return {
      headers: { ...consoleHeaders, 'content-type': type, 'cache-control': caching },
      body: new Uint8Array(await readFile(join(folder, name))),
    };
  };
}
