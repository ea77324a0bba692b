/** A network profile that does not fit is refused in the set-up with what to change, and one that fits is taken (issue 3, "Bad input"); the same on both hosts. */
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { expect, test } from '@playwright/test';
import type { NetworkProfile } from '../src-shared/domain/network-profile.ts';
import { launchConsole } from './support/launch.ts';
import { createLook } from './support/look.ts';
import { shareConsole } from './support/share-console.ts';

let network: ChildProcess;
let folder = '';
let profile: NetworkProfile;

/** A sandbox of its own stands for the network outside; its first line tells its profile. */
const startNetwork = (dataDir: string): Promise<NetworkProfile> => {
  network = spawn(process.execPath, ['src-main/sandbox/main.ts', '--json', '--data-dir', dataDir, '--seed-demand', 'off'], { cwd: process.env['CONSOLE_E2E_ROOT'], stdio: ['ignore', 'pipe', 'inherit'] });
  return new Promise((resolve, reject) => {
    network.once('exit', (code) => reject(new Error(`the network ended with code ${code}`)));
    createInterface({ input: network.stdout! }).once('line', (line) => resolve((JSON.parse(line) as { profile: NetworkProfile }).profile));
  });
};

const console = shareConsole(async (kind) => {
  folder = mkdtempSync(join(tmpdir(), 'console-network-'));
  profile = await startNetwork(folder);
  return launchConsole(kind);
});
test.afterAll(() => {
  network?.removeAllListeners('exit');
  network?.kill('SIGTERM');
  if (folder !== '') rmSync(folder, { recursive: true, force: true });
});

const id = (digit: string): string => `0x${digit.repeat(64)}`;

test('what does not fit is refused with what to change; what fits goes on', async ({}, info) => {
  const look = createLook(info);
  const { page } = console;
  const offer = async (change: object): Promise<void> => {
    await page.getByLabel('Network profile (JSON file)').setInputFiles({ name: 'network.json', mimeType: 'application/json', buffer: Buffer.from(JSON.stringify({ ...profile, id: 'mine', name: 'Mine', kind: 'custom', ...change })) });
    await page.getByRole('button', { name: 'Continue' }).click();
  };
  await page.getByRole('radio', { name: /^Another network/ }).check();
  const refused: readonly (readonly [string, object, RegExp])[] = [
    ['unknown-package', { atomaPackageId: id('5') }, /There is no Atoma contract at 0x5+ on this chain.*Correct the package id/],
    ['wrong-db', { atomaDbId: id('7') }, /is not the database of the package.*Correct the database id/],
    ['wrong-coin', { coin: { type: `${id('4')}::usdc::USDC`, symbol: 'USDC', decimals: 6 } }, /The contract 0x\w+ takes.*Correct the coin/],
    ['other-generation', { generation: 'G2' }, /is of generation G1, the profile says G2.*Set the generation to G1/],
    ['foreign-badge', { badgeId: `0x${'0'.repeat(63)}8` }, /is not one of this contract.*Choose a badge of/],
    ['another-chain', { chainId: '69WiPg3DAQiwdxfncX6wYQ2siKwAe6L9BZthQea3JNMD' }, /serves chain \w+, not 69WiPg3D.*Nothing was signed\. Correct the endpoint/],
    ['dead-endpoint', { endpoints: ['http://127.0.0.1:9'] }, /no endpoint can be used.*Correct the endpoints/],
    ['plain-endpoint', { endpoints: ['http://fullnode.example'] }, /endpoints.*must use https/],
  ];
  for (const [name, change, sentence] of refused) {
    await offer(change);
    await expect(page.getByRole('alert')).toContainText(sentence);
    await expect(page.getByRole('heading', { level: 1, name: 'Choose a network' })).toBeVisible();
    if (name === 'unknown-package' || name === 'another-chain') await look(page, `network-${name}`);
  }
  await offer({});
  await expect(page.getByRole('heading', { level: 1, name: 'Make the key of this node' })).toBeVisible();
});
