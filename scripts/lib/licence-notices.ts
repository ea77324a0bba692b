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

const textOf = (folder: string): string => {
  const files = readdirSync(folder).filter((file) => /^(licen[cs]e|copying|notice)/i.test(file) && !file.endsWith('.js'));
  return files.map((file) => readFileSync(join(folder, file), 'utf8').trim()).join('\n\n');
};

/** One text of all licences, by package, from the named packages and all they depend on. */
export function licenceNotices(root: string, names: Iterable<string>): { text: string; packages: string[] } {
  const seen = new Map<string, string>();
  const walk = (name: string, from: string): void => {
    const folder = folderOf(name, from);
    if (folder === null) return;
    const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Manifest;
    const title = `${manifest.name} ${manifest.version}`;
    if (seen.has(title)) return;
    seen.set(title, `${title}\nLicence: ${typeof manifest.license === 'string' ? manifest.license : 'see below'}\n\n${textOf(folder)}`.trim());
    for (const next of Object.keys({ ...manifest.dependencies, ...manifest.optionalDependencies })) walk(next, folder);
  };
  for (const name of names) walk(name, root);
  const packages = [...seen.keys()].sort();
  return { text: packages.map((title) => seen.get(title)).join(`\n\n${'─'.repeat(72)}\n\n`) + '\n', packages };
}
