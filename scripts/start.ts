/** `npm start`: builds the console, then opens the desktop window where Electron and a display are there, else serves the same console headless and says why. */
import { spawn, spawnSync } from 'node:child_process';
import { resolve } from 'node:path';
import { assertNode } from './lib/assert-node.ts';
import { desktopSupport } from './lib/desktop-support.ts';

assertNode();
const root = resolve(import.meta.dirname, '..');
const flags = process.argv.slice(2);

const built = spawnSync('electron-vite', ['build', '--logLevel', 'warn'], { cwd: root, stdio: 'inherit', shell: process.platform === 'win32' });
if (built.status !== 0) process.exit(built.status ?? 1);

const desktop = flags.includes('--headless') ? { ok: false as const, why: 'asked for with --headless' } : desktopSupport(root);
if (!desktop.ok) console.log(`No desktop window: ${desktop.why}. Serving the console in the browser instead.`);
const rest = flags.filter((flag) => flag !== '--headless');
const [command, args] = desktop.ok ? [desktop.executable, [...desktop.flags, root, ...rest]] : [process.execPath, [resolve(root, 'out/main/headless.cjs'), ...rest]];

const child = spawn(command, args, { cwd: root, stdio: 'inherit' });
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => child.kill(signal));
child.on('exit', (code, signal) => process.exit(signal === null ? (code ?? 1) : 0));
