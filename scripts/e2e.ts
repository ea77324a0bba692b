/** Runs the end-to-end journeys: finds chromium and Electron, makes an ordinary user for Electron's sandbox when started as root, then calls Playwright. */
import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { assertNode } from './lib/assert-node.ts';
import { desktopSupport, findElectron } from './lib/desktop-support.ts';
import { electronWrapper } from './lib/electron-wrapper.ts';
import { packageToTry } from './lib/try-package.ts';

assertNode();
const root = resolve(import.meta.dirname, '..');
const user = 'console-e2e';

function findChromium(): string {
  const candidates = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];
  const found = candidates.find((path) => existsSync(path));
  if (found === undefined) throw new Error('chromium is not installed: apt-get install chromium');
  return found;
}

/** As root, Chromium's sandbox proves nothing: the desktop journeys run as an ordinary user. */
function ensureUser(): void {
  if (spawnSync('id', ['-u', user]).status !== 0) execFileSync('useradd', ['--create-home', '--shell', '/bin/sh', user]);
}

const needs = spawnSync(join(root, 'scripts/machine-needs.sh'), { stdio: 'inherit' });
if (needs.status !== 0) process.exit(needs.status ?? 1);

desktopSupport(root); // fetches Electron on first use where that is possible
const electron = findElectron(root);
const asRoot = process.getuid?.() === 0;
const temporary = mkdtempSync(join(tmpdir(), 'console-e2e-'));
chmodSync(temporary, 0o755);
const env: Record<string, string> = { CONSOLE_E2E_CHROMIUM: findChromium(), CONSOLE_E2E_ROOT: root };
if (electron !== null) {
  if (asRoot) ensureUser();
  const wrapper = join(temporary, 'electron');
  const home = join(temporary, 'home');
  mkdirSync(join(home, 'run'), { recursive: true, mode: 0o700 });
  if (asRoot) execFileSync('chown', ['-R', user, home]);
  writeFileSync(wrapper, electronWrapper({ electron, user: asRoot ? user : null, home }), { mode: 0o755 });
  env['CONSOLE_E2E_ELECTRON'] = wrapper;
  env['CONSOLE_E2E_ELECTRON_BARE'] = join(temporary, 'electron-bare');
  writeFileSync(env['CONSOLE_E2E_ELECTRON_BARE'], electronWrapper({ electron, user: asRoot ? user : null, home, bare: true }), { mode: 0o755 });
  if (asRoot) env['CONSOLE_E2E_USER'] = user;
  const toTry = packageToTry(join(root, 'dist'));
  if (toTry !== null) {
    env['CONSOLE_E2E_PACKAGED'] = join(temporary, 'packaged');
    if (toTry.app !== null) env['CONSOLE_E2E_PACKAGED_APP'] = toTry.app;
    writeFileSync(env['CONSOLE_E2E_PACKAGED'], electronWrapper({ electron: toTry.executable, user: asRoot ? user : null, home }), { mode: 0o755 });
  }
}
console.log(`chromium: ${env['CONSOLE_E2E_CHROMIUM']}; Electron: ${electron ?? 'none'}${asRoot && electron !== null ? ` as the user ${user}` : ''}`);

const result = spawnSync('playwright', ['test', ...process.argv.slice(2)], { cwd: root, stdio: 'inherit', env: { ...process.env, ...env } });
rmSync(temporary, { recursive: true, force: true });
process.exitCode = result.status ?? 1;
