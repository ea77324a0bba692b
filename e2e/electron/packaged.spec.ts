/** The unpacked package as somebody who installed it meets it: nothing in it that does not belong, set up from its archive, READY on the sandbox, and paid for a request. */
import { closeSync, openSync, readFileSync, readSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from '@playwright/test';
import { launchConsole } from '../support/launch.ts';
import { createLook } from '../support/look.ts';
import { openPage, openSettings } from '../support/operator.ts';
import { goThroughSetUp } from '../support/ready-node.ts';
import { shareConsole } from '../support/share-console.ts';

test.describe.configure({ mode: 'serial' });

/** All that runs beside the bundled code; native parts are those of this system. */
const shippedPackages = [
  '@huggingface/jinja', '@huggingface/tokenizers', '@huggingface/transformers', '@img/colour', '@img/sharp-libvips-linux-x64', '@img/sharp-linux-x64',
  '@napi-rs/keyring-linux-x64-gnu', 'detect-libc', 'keytar', 'onnxruntime-common', 'onnxruntime-node', 'semver', 'sharp',
];

const console = shareConsole((kind) => launchConsole(kind, { packaged: true }));

/** ELF's class byte and machine number say which processor a native file is for. */
function machineOf(file: string): string {
  const head = Buffer.alloc(20);
  const opened = openSync(file, 'r');
  readSync(opened, head, 0, head.length, 0);
  closeSync(opened);
  return head.toString('latin1', 1, 4) === 'ELF' && head.readUInt8(4) === 2 && head.readUInt16LE(18) === 62 ? 'linux x64' : 'another';
}

test('the package holds what runs on this system, and every licence', async () => {
  const inside = await console.electron()?.evaluate(({ app }) => {
    // The application's own file system: it alone reads archives.
    const { readdirSync: list } = process.getBuiltinModule('node:fs');
    const archive = app.getAppPath().replace(/(\.asar).*$/, '$1');
    const names = list(`${archive}/node_modules`).flatMap((name) => (name.startsWith('@') ? list(`${archive}/node_modules/${name}`).map((part) => `${name}/${part}`) : [name]));
    return { archive, names, executable: process.execPath };
  });
  expect(inside?.names.sort()).toEqual(shippedPackages);
  const native = readdirSync(`${inside?.archive}.unpacked`, { recursive: true, encoding: 'utf8' }).filter((name) => /\.(node|dylib|dll|so(\.\d+)*)$/.test(name));
  expect(native.length).toBeGreaterThan(0);
  expect(native.filter((name) => machineOf(join(`${inside?.archive}.unpacked`, name)) !== 'linux x64')).toEqual([]);
  const folder = dirname(inside?.executable ?? '');
  const notices = readFileSync(join(folder, 'licences', 'THIRD-PARTY-LICENCES.txt'), 'utf8');
  for (const name of [...shippedPackages.filter((shipped) => shipped !== 'keytar'), 'react', 'zod', 'fastify']) expect(notices).toContain(`\n${name} `);
  expect(readdirSync(folder)).toEqual(expect.arrayContaining(['LICENSE.electron.txt', 'LICENSES.chromium.html']));
});

test('the package is set up, becomes READY and earns', async ({}, info) => {
  const { page } = console;
  await goThroughSetUp(console);
  await openPage(page, 'Network');
  await page.getByLabel('Requests per minute').fill('600');
  await page.getByRole('button', { name: 'Apply' }).click();
  await expect(page.getByText('Demand changed.')).toBeVisible();
  await openPage(page, 'Jobs');
  await expect(page.getByRole('table').getByRole('row').filter({ hasText: 'Accepted' }).first()).toBeVisible({ timeout: 60_000 });
  await openPage(page, 'Dashboard');
  await expect(page.getByRole('region', { name: /^Earned/ })).toContainText(/[1-9]/);
  await createLook(info)(page, 'packaged-dashboard');
  await openSettings(page, 'About');
});
