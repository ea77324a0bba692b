/** `npm run screenshots`: walks the journey on the headless host, which takes every screen in both themes, and puts those of the README into docs/images. */
import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { assertNode } from './lib/assert-node.ts';

assertNode();
const root = resolve(import.meta.dirname, '..');
const run = (command: string, args: string[]): void => {
  const { status } = spawnSync(command, args, { cwd: root, stdio: 'inherit', shell: process.platform === 'win32' });
  if (status !== 0) process.exit(status ?? 1);
};

run('electron-vite', ['build', '--logLevel', 'warn']);
run(process.execPath, ['scripts/e2e.ts', '--project', 'headless']);

const screens = join(root, 'test-results', 'screens', 'headless');
const images = join(root, 'docs', 'images');
mkdirSync(images, { recursive: true });
const shown = { 'dashboard-light': 'dashboard-light', 'setup-6-task-light': 'setup-light', 'stacks-dark': 'stacks-dark', 'jobs-light': 'jobs-light', 'wallet-light': 'wallet-light', 'leave-under-way-dark': 'leave-dark' };
for (const [from, to] of Object.entries(shown)) copyFileSync(join(screens, `${from}.png`), join(images, `${to}.png`));
console.log(`All screens: ${screens}\nThose of the README: ${images}`);
