/** `npm test`: type check, lint, unit and integration tests, build, package, end-to-end journeys; ends with the counts on the last line and fails on any skip that is not allow-listed. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { assertNode } from './lib/assert-node.ts';
import { desktopSupport, findElectron } from './lib/desktop-support.ts';
import { addUp, checkSkips, readPlaywrightReport, readVitestReport, type Lack, type Tally } from './lib/test-reports.ts';
import { findSoftwareVulkan } from '../src-main/testing/software-vulkan.ts';

assertNode();
const root = resolve(import.meta.dirname, '..');
const reports = mkdtempSync(join(tmpdir(), 'console-test-'));
const failedSteps: string[] = [];

function step(name: string, command: string, args: string[], env: Record<string, string> = {}): boolean {
  console.log(`\n── ${name}`);
  const startedMs = Date.now();
  const { status } = spawnSync(command, args, { cwd: root, stdio: 'inherit', env: { ...process.env, ...env }, shell: process.platform === 'win32' });
  console.log(`── ${name}: ${status === 0 ? 'ok' : 'failed'} (${((Date.now() - startedMs) / 1000).toFixed(1)} s)`);
  if (status !== 0) failedSteps.push(name);
  return status === 0;
}

function tallyOf(report: string, read: (text: string) => Tally): Tally {
  if (!existsSync(report)) return { passed: 0, failed: 1, skipped: [] };
  return read(readFileSync(report, 'utf8'));
}

desktopSupport(root); // fetches Electron on first use where that is possible
const electron = findElectron(root);
console.log(`Node ${process.versions.node} for the scripts; Electron: ${electron ?? 'none found, its journeys are skipped'}`);

step('typecheck', process.execPath, ['scripts/typecheck.ts']);
step('lint', 'eslint', ['.', '--max-warnings', '0']);

const unitReport = join(reports, 'unit.json');
step('unit and integration', 'vitest', ['run', '--reporter=default', '--reporter=json', `--outputFile.json=${unitReport}`]);
const unit = tallyOf(unitReport, readVitestReport);

const e2eReport = join(reports, 'e2e.json');
const built = step('build', 'electron-vite', ['build', '--logLevel', 'warn']);
// The journeys try the unpacked package too; without Electron there is nothing to pack and its journey is skipped.
if (built && electron !== null) step('package', process.execPath, ['scripts/package.ts', '--dir', '--skip-build']);
if (built) step('end-to-end', process.execPath, ['scripts/e2e.ts'], { PLAYWRIGHT_JSON_OUTPUT_NAME: e2eReport });
const e2e = tallyOf(e2eReport, readPlaywrightReport);

const total = addUp(unit, e2e);
const absent = (command: string, ...args: string[]): boolean => spawnSync(command, args, { stdio: 'ignore' }).error !== undefined;
const lacks: Lack[] = [];
if (electron === null) lacks.push('no-electron');
if (absent('nvidia-smi')) lacks.push('no-cuda');
if (findSoftwareVulkan() === null) lacks.push('no-webgpu');
if (absent('gnome-keyring-daemon', '--version') || absent('dbus-run-session', '--version')) lacks.push('no-keyring');
const unexplained = checkSkips(total.skipped, readFileSync(join(root, 'e2e', 'allowed-skips.json'), 'utf8'), lacks);
for (const name of unexplained) console.log(`Skipped without being on the allow-list: ${name}`);

const stepFailures = failedSteps.filter((name) => name !== 'unit and integration' && name !== 'end-to-end').length;
const hidden = failedSteps.length > 0 && total.failed + stepFailures + unexplained.length === 0 ? 1 : 0;
const failed = total.failed + stepFailures + unexplained.length + hidden;
if (failedSteps.length > 0) console.log(`Failed steps: ${failedSteps.join(', ')}`);
console.log(`${total.passed} passed, ${failed} failed, ${total.skipped.length} skipped`);
process.exitCode = failed === 0 ? 0 : 1;
