/** The desktop window as an attacker inside it would find it: sandboxed by the kernel, without Node, unable to leave its own origin. */
import { expect, test } from '@playwright/test';
import { launchConsole, processStatus } from '../support/launch.ts';
import { shareConsole } from '../support/share-console.ts';

const console = shareConsole(launchConsole);

test('the renderer runs under seccomp', async () => {
  const pid = await console.rendererPid();
  expect(pid).not.toBeNull();
  expect(processStatus(pid ?? 0, 'Seccomp')).toBe('2');
  expect(Number(processStatus(pid ?? 0, 'Uid')?.split(/\s+/)[0])).not.toBe(0);
});

test('the page has no Node, cannot navigate away, open windows, run inline script or fetch elsewhere', async () => {
  const { page } = console;
  const before = page.url();
  expect(await page.evaluate(() => [typeof (globalThis as { require?: unknown }).require, typeof (globalThis as { process?: unknown }).process])).toEqual(['undefined', 'undefined']);
  expect(await page.evaluate(() => window.open('https://example.org/') === null)).toBe(true);
  await page.evaluate(() => location.assign('https://example.org/'));
  const ran = await page.evaluate(() => {
    const script = document.createElement('script');
    script.textContent = 'globalThis.planted = true';
    document.head.append(script);
    return (globalThis as { planted?: boolean }).planted ?? false;
  });
  expect(ran).toBe(false);
  expect(await page.evaluate(() => fetch('https://example.org/').then(() => 'reached', () => 'refused'))).toBe('refused');
  expect(page.url()).toBe(before);
  expect(await page.evaluate(() => navigator.permissions.query({ name: 'geolocation' }).then((status) => status.state))).toBe('denied');
});

test('the bridge offers its names alone', async () => {
  const { page } = console;
  const answer = await page.evaluate(() => {
    const { bridge } = window as unknown as { bridge: { call(name: string, input: unknown): Promise<unknown> } };
    return bridge.call('keys.signers', {}).then((value) => JSON.stringify(value), (error: unknown) => String(error));
  });
  expect(answer).toMatch(/unknown_call|does not offer/);
});
