/** Decides which path of a host's file list may become a file here: relative, plain, the same on every system (issue 4, item 3: nothing outside the store's folder is ever written). */

const maxSegmentBytes = 200;
const maxPathBytes = 800;
/** Device names of Windows, with or without an ending; a file of that name there is no file. */
const deviceName = /^(con|prn|aux|nul|conin\$|conout\$|com[0-9¹²³]|lpt[0-9¹²³])(\..*)?$/i;
/** Control characters, and what Windows or a shell reads as something else: drive letters, streams, wildcards, the backslash. */
const badCharacter = /[\u0000-\u001f\u007f<>:"|?*\\]/;

const isPlain = (segment: string): boolean =>
  segment !== '' &&
  segment !== '.' &&
  segment !== '..' &&
  !badCharacter.test(segment) &&
  // Windows drops a dot or a space at the end, and then two names are one.
  !/[. ]$/.test(segment) &&
  !segment.startsWith(' ') &&
  !deviceName.test(segment) &&
  Buffer.byteLength(segment) <= maxSegmentBytes &&
  // A lone surrogate has no bytes of its own.
  Buffer.from(segment).toString() === segment;

/** The segments of a path that may be written below a folder, or null when it must be refused. */
export function safeSegments(path: string): string[] | null {
  if (Buffer.byteLength(path) > maxPathBytes) return null;
  const segments = path.split('/');
  return segments.every(isPlain) ? segments : null;
}

/** One spelling for names that some file system takes for the same. */
const folded = (path: string): string => path.normalize('NFC').toLowerCase();

/** The first path that cannot stand beside the others: the same name in another spelling, or a file where another one needs a folder; null when all can. */
export function clashingPath(paths: readonly string[]): string | null {
  const files = new Set<string>();
  const folders = new Set<string>();
  for (const path of paths) {
    const name = folded(path);
    const parts = name.split('/');
    const above = parts.slice(1).map((_, index) => parts.slice(0, index + 1).join('/'));
    if (files.has(name) || folders.has(name) || above.some((folder) => files.has(folder))) return path;
    files.add(name);
    above.forEach((folder) => folders.add(folder));
  }
  return null;
}

/** A repository's name as hosts of this shape have it: `name` or `owner/name`. */
export const isRepoName = (name: string): boolean => /^[\w.-]+(\/[\w.-]+)?$/.test(name) && safeSegments(name) !== null;
