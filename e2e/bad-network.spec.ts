/** The set-up on a network outside: a profile that does not fit is refused with what to change (issue 3, "Bad input"), the wallet is funded by others, and the model of the task is fetched (product.md, Set-up 4 and 6); the same on both hosts. */
import { spawn, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { expect, test } from '@playwright/test';
import { startModelHost } from '../src-main/models/testing/model-host-server.ts';
import type { NetworkProfile } from '../src-shared/domain/network-profile.ts';
import { launchConsole } from './support/launch.ts';
import { createLook, lookAtBoth } from './support/look.ts';
import { confirmProposal, createKey } from './support/operator.ts';

test.describe.configure({ mode: 'serial' });
import { shareConsole } from './support/share-console.ts';

let network: ChildProcess;
let folder = '';
let profile: NetworkProfile;
/** A model that no console has on its disk. */
const repo = 'example/assistant';

/** A sandbox of its own stands for the network outside; its first line tells its profile. */
const startNetwork = (dataDir: string): Promise<NetworkProfile> => {
  network = spawn(process.execPath, ['src-main/sandbox/main.ts', '--json', '--data-dir', dataDir, '--seed-demand', 'off', '--task-model', repo], { cwd: process.env['CONSOLE_E2E_ROOT'], stdio: ['ignore', 'pipe', 'inherit'] });
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
    await page.getByLabel('Network profile (JSON file)').setInputFiles({ name: 'network.json', mimeType: 'application/json', buffer: Buffer.from(JSON.stringify({ ...profile, id: 'mine', name: 'Mine', kind: 'custom', sandboxControlUrl: null, ...change })) });
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

test('a wallet without gas is told where to send it; the faucet waits until it is there', async ({}, info) => {
  const { page } = console;
  await createKey(console, async () => undefined);
  await expect(page.getByRole('heading', { level: 1, name: 'Check this machine' })).toBeVisible();
  await page.getByRole('button', { name: 'Continue' }).click();
  await expect(page.getByText('Send SUI to this address')).toBeVisible();
  await expect(page.getByText(/The chain was last read/)).toBeVisible();
  await expect(page.getByRole('img', { name: 'QR code of the wallet address' })).toBeVisible();
  const faucet = page.getByRole('button', { name: 'Get test tokens' });
  await expect(faucet).toBeDisabled();
  await lookAtBoth(page, 'setup-4-funds-outside', createLook(info));
  const address = /0x[0-9a-f]{64}/.exec(await page.getByRole('main').innerText())?.[0];
  const sent = await fetch(new URL('/faucet', profile.sandboxControlUrl ?? ''), { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ address }) });
  expect(sent.status).toBe(200);
  await expect(page.getByText('Send SUI to this address')).toBeHidden();
  await faucet.click();
  await confirmProposal(console, 'Register node');
});

test('a task whose model is not on the disk gets it in the set-up, and is subscribed to then', async ({}, info) => {
  const look = createLook(info);
  const { page } = console;
  const host = await startModelHost({
    repo,
    commit: randomBytes(20).toString('hex'),
    files: [
      { path: 'config.json', bytes: new TextEncoder().encode('{}') },
      { path: 'onnx/model.onnx', bytes: randomBytes(20_000_000), lfs: true },
    ],
  });
  host.fault = (file) => (file === 'onnx/model.onnx' ? { kind: 'stall', afterBytes: 9_000_000 } : null);
  await page.getByRole('radio', { name: `Task #3, ${repo}` }).check();
  await expect(page.getByText(`${repo} is not on this disk.`)).toBeVisible();
  await expect(page.getByText('What the model needs is not known before it is looked up').first()).toBeVisible();
  await look(page, 'setup-6-model-missing');
  await page.getByText('Another host, or a mirror').click();
  await page.getByLabel('Host or mirror').fill(host.url);
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByText('Saved.')).toBeVisible();
  await page.getByRole('button', { name: 'Get this model' }).click();
  const sheet = page.getByRole('dialog');
  await expect(sheet.getByLabel('Name of the model')).toHaveValue(repo);
  await sheet.getByRole('button', { name: 'Look it up' }).click();
  await sheet.getByRole('button', { name: 'Download' }).click();
  await expect(page.getByText('Fetching onnx/model.onnx')).toBeVisible();
  await expect(page.getByRole('progressbar', { name: `Progress of ${repo}` })).toBeVisible();
  await look(page, 'setup-6-model-downloading');
  await page.getByRole('button', { name: `Pause ${repo}` }).click();
  await expect(page.getByText('Paused', { exact: true })).toBeVisible();
  host.fault = () => null;
  await page.getByRole('button', { name: `Resume ${repo}` }).click();
  await expect(page.getByText(new RegExp(`^${repo} .* is on disk`))).toBeVisible({ timeout: 60_000 });
  await expect(page.getByText(/^The model takes 20 MB, and is there already/)).toBeVisible();
  await host.close();
  await confirmProposal(console, 'Subscribe');
  await expect(page.getByRole('heading', { level: 1, name: 'Start earning' })).toBeVisible();
});
