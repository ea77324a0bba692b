/** An engine on another program, and direct requests, as their operator sets them up: tested, kept, offered, its answers compared; the node's own API opened, asked and closed. */
import { expect, test } from '@playwright/test';
import { startEngineDouble, type EngineDouble } from '../src-main/engines/testing/engine-double.ts';
import { createLook, lookAtBoth } from './support/look.ts';
import { openPage, openSettings } from './support/operator.ts';
import { launchReadyNode } from './support/ready-node.ts';
import { shareConsole } from './support/share-console.ts';

test.describe.configure({ mode: 'serial' });

let engine: EngineDouble;
const console = shareConsole(async (kind) => {
  engine = await startEngineDouble({ kind: 'vllm', models: ['served-chat', 'other'], token: 'a token' });
  return launchReadyNode(kind);
});
test.afterAll(async () => {
  await engine?.close();
});

test('adds an engine: asks it first, says what is wrong, keeps it and offers its model', async ({}, info) => {
  const look = createLook(info);
  const { page } = console;
  await openSettings(page, 'Engines');
  await expect(page.getByText('No engine yet.')).toBeVisible();
  await look(page, 'engines-none');

  await page.getByRole('button', { name: 'Add an engine' }).click();
  const sheet = page.getByRole('dialog', { name: 'Add an engine' });
  await sheet.getByLabel('Name', { exact: true }).fill('Cellar rig');
  await sheet.getByLabel('Address').fill(`${engine.url}/v1`);
  await sheet.getByRole('button', { name: 'Test connection' }).click();
  await expect(sheet.getByText('wants another token')).toBeVisible();
  await look(page, 'engines-test-failed');
  await sheet.getByLabel('Token', { exact: true }).fill('a token');
  await sheet.getByRole('button', { name: 'Test connection' }).click();
  await expect(sheet.getByText(/It answers: 1\.2\.3, 2 models/)).toBeVisible();
  const model = sheet.getByRole('group', { name: 'Model 1' });
  await model.getByLabel('Model of the network').fill('owner/chat');
  await expect(model.getByText('It looks like name@revision.')).toBeVisible();
  await expect(sheet.getByRole('button', { name: 'Save' })).toBeDisabled();
  await model.getByLabel('Model of the network').fill('owner/chat@main');
  await model.getByLabel('Name at the engine').selectOption('served-chat');
  await look(page, 'engines-form');
  await sheet.getByRole('button', { name: 'Save' }).click();

  const card = page.getByRole('region', { name: 'Cellar rig' });
  await expect(card.getByText('Answers', { exact: true })).toBeVisible();
  await expect(card.getByRole('row', { name: /owner\/chat@main/ }).getByText('Offered')).toBeVisible();
  await card.getByRole('button', { name: /^Check answers/ }).click();
  await expect(card.getByText('May serve')).toBeVisible();
  await lookAtBoth(page, 'engines', look);
});

test('shows answers that differ, an engine that is down, and removes it', async ({}, info) => {
  const look = createLook(info);
  const { page } = console;
  const card = page.getByRole('region', { name: 'Cellar rig' });
  engine.setFault({ kind: 'varies' });
  await card.getByRole('button', { name: /^Check again/ }).click();
  await expect(card.getByText('May not: answers differ')).toBeVisible();
  await engine.close();
  await card.getByRole('button', { name: 'Ask again' }).click();
  await expect(card.getByText('Does not work')).toBeVisible();
  await expect(card.getByText(/does not answer/)).toBeVisible();
  await look(page, 'engines-down');
  await card.getByRole('button', { name: 'Remove' }).click();
  const sheet = page.getByRole('dialog');
  await expect(sheet.getByRole('button', { name: 'Remove' })).toBeVisible();
  await lookAtBoth(page, 'engines-remove', look);
  await sheet.getByRole('button', { name: 'Remove' }).click();
  await expect(page.getByText('No engine yet.')).toBeVisible();
});

test('opens the ingress on this computer, which answers and refuses strangers, and closes it', async ({}, info) => {
  const look = createLook(info);
  const { page } = console;
  await openSettings(page, 'Direct requests');
  const now = page.getByRole('region', { name: 'Activity' });
  await expect(now.getByText('Off', { exact: true })).toBeVisible();
  await page.getByRole('switch', { name: 'Take direct requests' }).click();
  await page.getByLabel('Port', { exact: true }).fill('0');
  await page.getByLabel('Address of the list').fill('https://list.example');
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByRole('alert').getByText(/announcing needs the public address/).first()).toBeVisible();
  await look(page, 'ingress-refused');
  await page.getByLabel('Address of the list').fill('');
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(now.getByText('Takes requests')).toBeVisible();
  const address = (await now.getByText(/^http:\/\/127\.0\.0\.1:\d+\/v1$/).innerText()).replace(/\/v1$/, '');
  expect((await fetch(`${address}/health`)).status).toBe(200);
  expect((await fetch(`${address}/v1/chat/completions`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{}' })).status).toBe(400);
  await expect(now.getByText('1 × MISSING_HEADER')).toBeVisible();
  await lookAtBoth(page, 'ingress', look);
  await page.getByRole('switch', { name: 'Take direct requests' }).click();
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(now.getByText('Off', { exact: true })).toBeVisible();
  await expect(fetch(`${address}/health`)).rejects.toThrow();
  await openPage(page, 'Settings');
});
