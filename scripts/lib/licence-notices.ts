/** Collects the licences of every package whose code a package of the console contains, bundled or beside. */
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';

type Manifest = { name: string; version: string; license?: unknown; dependencies?: Record<string, string>; optionalDependencies?: Record<string, string> };
const imported = /(?:from|import|require\()\s*'((?:@[a-z0-9-.]+\/)?[a-z][a-z0-9-.]*)(?:\/[^']*)?'/g;

/** Packages that source files under these folders import. */
export function importedPackages(folders: readonly string[]): Set<string> {
  const found = new Set<string>();
  for (const folder of folders) {
    for (const entry of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
      if (!/\.tsx?$/.test(entry) || /\.test\.tsx?$/.test(entry) || /(^|[\\/])testing[\\/]/.test(entry)) continue;
      for (const [, name] of readFileSync(join(folder, entry), 'utf8').matchAll(imported)) if (name !== undefined) found.add(name);
    }
  }
  return found;
}

/** Folder of a package as `from` would resolve it; null when it is not installed (another system's optional part). */
function folderOf(name: string, from: string): string | null {
  for (let at = from; ; at = dirname(at)) {
    const folder = join(at, 'node_modules', name);
    if (existsSync(join(folder, 'package.json'))) return folder;
    if (at === dirname(at)) return null;
  }
}

/** Licence files of a package, as one text. */
function licenceFiles(folder: string): string {
  const files = readdirSync(folder).filter((file) => /^(licen[cs]e|copying|notice|unlicense)/i.test(file) && !file.endsWith('.js'));
  return files.map((file) => readFileSync(join(folder, file), 'utf8').trim()).join('\n\n');
}

/** What a package without such a file says of its licence in its README. */
function readmeOnLicence(folder: string): string {
  const readme = readdirSync(folder).find((file) => /^readme\.md$/i.test(file));
  if (readme === undefined) return '';
  return /^#+ Licen[cs]\w*\s*\n([^]*?)(?=^#|$(?![^]))/im.exec(readFileSync(join(folder, readme), 'utf8'))?.[1]?.trim() ?? '';
}

/** Texts in resources/licences that a licence consists of. */
const partsOf = (licence: string): readonly string[] => (licence === 'LGPL-3.0-or-later' ? ['LGPL-3.0', 'GPL-3.0'] : [licence]);

const rule = `\n\n${'─'.repeat(72)}\n\n`;

/** One text of all licences, by package, from the named packages and all they depend on; the full text of a licence that some only name stands once at the end. @throws Error for such a licence without a text in resources/licences */
export function licenceNotices(root: string, names: Iterable<string>): { text: string; packages: string[] } {
  const seen = new Map<string, string>();
  const named = new Set<string>();
  const walk = (name: string, from: string): void => {
    const folder = folderOf(name, from);
    if (folder === null) return;
    const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Manifest;
    const title = `${manifest.name} ${manifest.version}`;
    if (seen.has(title)) return;
    const text = licenceFiles(folder);
    const licence = typeof manifest.license === 'string' ? manifest.license : null;
    if (licence !== null && text === '') partsOf(licence).forEach((part) => named.add(part));
    seen.set(title, `${title}\nLicence: ${licence ?? 'see below'}\n\n${text === '' ? readmeOnLicence(folder) : text}`.trim());
    for (const next of Object.keys({ ...manifest.dependencies, ...manifest.optionalDependencies })) walk(next, folder);
  };
  for (const name of names) walk(name, root);
  const packages = [...seen.keys()].sort();
  const fullTexts = [...named].sort().map((licence) => `Full text: ${licence}\n\n${readFileSync(join(root, 'resources', 'licences', `${licence}.txt`), 'utf8').trim()}`);
  return { text: [...packages.map((title) => seen.get(title)), ...fullTexts].join(rule) + '\n', packages };
}
