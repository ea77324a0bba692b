/**
 * `npm run screenshots`: takes every screen and its states, on a wide window and on a phone, in both themes, and puts those of the README into docs/images.
 * `npm run screenshots:compare` draws the pictures anew that the end-to-end run compares (e2e/headless/stable-screens.spec.ts).
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import sharp from 'sharp';
import { assertNode } from './lib/assert-node.ts';

assertNode();
const root = resolve(import.meta.dirname, '..');
const run = (command: string, args: string[], env: Record<string, string> = {}): boolean =>
  spawnSync(command, args, { cwd: root, stdio: 'inherit', env: { ...process.env, ...env }, shell: process.platform === 'win32' }).status === 0;
const journey = (args: string[], env: Record<string, string> = {}): boolean => run(process.execPath, ['scripts/e2e.ts', ...args], env);

/** A window full of the picture, with few colours: the README is read over the network. */
async function show(from: string, to: string): Promise<void> {
  const picture = sharp(join(root, 'test-results', 'gallery', 'wide', `${from}.png`));
  const { width, height } = await picture.metadata();
  await picture.extract({ left: 0, top: 0, width, height: Math.min(height, 860) }).png({ palette: true, colours: 128, effort: 10 }).toFile(join(root, 'docs', 'images', `${to}.png`));
}

/** Some screens of a phone side by side. */
async function showPhones(names: readonly string[], to: string): Promise<void> {
  const [width, height, gap] = [400, 800, 24];
  const screens = await Promise.all(names.map((name) => sharp(join(root, 'test-results', 'gallery', 'phone', `${name}.png`)).extract({ left: 0, top: 0, width, height }).png().toBuffer()));
  const strip = sharp({ create: { width: names.length * (width + gap) - gap, height, channels: 4, background: { r: 0, g: 0, b: 0, alpha: 0 } } });
  await strip
    .composite(screens.map((input, index) => ({ input, left: index * (width + gap), top: 0 })))
    .png({ palette: true, colours: 128, effort: 10 })
    .toFile(join(root, 'docs', 'images', `${to}.png`));
}

/** The compared pictures with few colours: the difference is far below what the comparison sees, and they are kept for ever. */
async function thin(folder: string): Promise<void> {
  for (const name of readdirSync(folder)) {
    const path = join(folder, name);
    writeFileSync(path, await sharp(readFileSync(path)).png({ palette: true, colours: 128, dither: 0, effort: 10 }).toBuffer());
  }
}

/** Picture of the gallery by its name in the README. */
const shown = {
  'dashboard-light': 'dashboard-light',
  'setup-light': 'setup-6-task-light',
  'stacks-dark': 'stacks-dark',
  'jobs-light': 'jobs-light',
  'attestations-dark': 'attestations-dark',
  'hardware-light': 'hardware-light',
  'wallet-light': 'wallet-light',
  'leave-dark': 'leave-under-way-dark',
};

if (!run('electron-vite', ['build', '--logLevel', 'warn'])) process.exit(1);
if (process.argv.includes('--compare')) {
  if (!journey(['--project=headless', '--update-snapshots=all', 'stable-screens'])) process.exit(1);
  await thin(join(root, 'e2e', 'headless', 'stable-screens.spec.ts-snapshots'));
} else {
  const whole = journey(['--project=gallery'], { CONSOLE_E2E_GALLERY: '1' });
  mkdirSync(join(root, 'docs', 'images'), { recursive: true });
  for (const [to, from] of Object.entries(shown)) await show(from, to);
  await showPhones(['dashboard-dark', 'tasks-dark', 'leave-dark'], 'phone-dark');
  console.log(`All screens: ${join(root, 'test-results', 'gallery')}\nThose of the README: ${join(root, 'docs', 'images')}`);
  process.exitCode = whole ? 0 : 1;
}
