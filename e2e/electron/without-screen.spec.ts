/** The desktop application on a rig (product.md, "Command line of the same application"): with --headless and without any display it serves browsers, answers verbs, and ends in order. */
import { execFile, spawn } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { chromium, expect, test } from '@playwright/test';
import { newDataDir } from '../support/launch.ts';
import { skipWithoutHost } from '../support/share-console.ts';

test('serves browsers by a one-time link, answers a verb, and ends by a signal', async () => {
  skipWithoutHost('electron');
  const [program, root] = [process.env['CONSOLE_E2E_ELECTRON_BARE'] ?? '', process.env['CONSOLE_E2E_ROOT'] ?? ''];
  const dataDir = newDataDir();
  const started = spawn(program, [root, '--headless', '--data-dir', dataDir], { stdio: ['ignore', 'pipe', 'ignore'] });
  const ended = new Promise<number | null>((resolve) => started.once('exit', resolve));
  const browser = await chromium.launch({ executablePath: process.env['CONSOLE_E2E_CHROMIUM'] ?? '/usr/bin/chromium', args: ['--disable-dev-shm-usage'] });
  try {
    const link = await new Promise<string>((resolve, reject) => {
      createInterface({ input: started.stdout }).on('line', (line) => {
        const [found] = /http:\/\/127\.0\.0\.1:\d+\/link\/\S+/.exec(line) ?? [];
        if (found !== undefined) resolve(found);
      });
      started.once('exit', (code) => reject(new Error(`it ended with code ${code}`)));
    });
    const page = await browser.newPage();
    await page.goto(link);
    await page.getByRole('button', { name: 'Continue' }).click();
    // No keychain is asked on a rig, also where the application could.
    await expect(page.getByText('Sealed file under a passphrase')).toBeVisible();
    const { stdout } = await promisify(execFile)(program, [root, '--headless', 'status', '--json', '--data-dir', dataDir]);
    expect(JSON.parse(stdout)).toMatchObject({ running: true, node: { state: 'IDLE', reason: 'not_set_up' } });
    const { pid } = JSON.parse(readFileSync(join(dataDir, 'console.lock'), 'utf8')) as { pid: number };
    process.kill(pid, 'SIGTERM');
    expect(await ended).toBe(0);
  } finally {
    await browser.close();
    if (started.exitCode === null) started.kill();
    rmSync(dataDir, { recursive: true, force: true });
  }
});
