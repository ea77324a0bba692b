/** `npm run package`: builds the console and packs it for this system. `-- --dir` stops at the unpacked folder, which is what CI tries. Electron is taken from the folder the tests use or from the installed one; nothing is downloaded for it. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { build, Platform } from 'electron-builder';
import config from '../electron-builder.config.ts';
import { assertNode } from './lib/assert-node.ts';
import { findElectron } from './lib/desktop-support.ts';
import { importedPackages, licenceNotices } from './lib/licence-notices.ts';

assertNode();
const root = resolve(import.meta.dirname, '..');
const { values } = parseArgs({ options: { dir: { type: 'boolean', default: false }, 'skip-build': { type: 'boolean', default: false } } });

const electron = findElectron(root);
if (electron === null) {
  console.error('Electron is not installed. Run npx install-electron --no first, or name its folder in ELECTRON_OVERRIDE_DIST_PATH.');
  process.exit(1);
}
if (!values['skip-build'] && spawnSync('electron-vite', ['build', '--logLevel', 'warn'], { cwd: root, stdio: 'inherit', shell: process.platform === 'win32' }).status !== 0) process.exit(1);

const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { dependencies: Record<string, string> };
const bundled = importedPackages(['src-main', 'src-preload', 'src-renderer', 'src-shared'].map((folder) => join(root, folder)));
bundled.delete('electron'); // its own licences lie beside it
const { text, packages } = licenceNotices(root, new Set([...Object.keys(manifest.dependencies), ...bundled]));
mkdirSync(join(root, 'out/licences'), { recursive: true });
writeFileSync(join(root, 'out/licences/THIRD-PARTY-LICENCES.txt'), text);
console.log(`Licences of ${packages.length} packages`);

const electronDist = dirname(electron);
const versionFile = join(electronDist, 'version');
const electronVersion = existsSync(versionFile) ? readFileSync(versionFile, 'utf8').trim().replace(/^v/, '') : null;
const targets = values.dir ? Platform.current().createTarget('dir') : Platform.current().createTarget();
await build({ projectDir: root, targets, config: { ...config, electronDist, ...(electronVersion === null ? {} : { electronVersion }) } });
