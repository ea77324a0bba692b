/** The adapter against a real gnome-keyring in a D-Bus session of its own, through the vault; and without any D-Bus. */
import { spawnSync, type SpawnSyncReturns } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { existsSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const needed = ['dbus-run-session', 'gnome-keyring-daemon'];
const missing = needed.filter((name) => !(process.env['PATH'] ?? '').split(delimiter).some((folder) => existsSync(join(folder, name))));
const skipReason = process.platform !== 'linux' ? 'the Secret Service exists on Linux only' : missing.length > 0 ? `not installed: ${missing.join(', ')}` : null;

const folder = mkdtempSync(join(tmpdir(), 'keychain-'));
const at = (path: string): string => JSON.stringify(new URL(path, import.meta.url).href);
const environment = { PATH: process.env['PATH'] ?? '', HOME: join(folder, 'home'), XDG_RUNTIME_DIR: join(folder, 'run'), XDG_DATA_HOME: join(folder, 'data') };

beforeAll(() => {
  for (const path of [environment.HOME, environment.XDG_RUNTIME_DIR, environment.XDG_DATA_HOME]) mkdirSync(path, { mode: 0o700 });
  writeFileSync(
    join(folder, 'round-trip.mjs'),
    `import { createOsKeychain } from ${at('./os-keychain.ts')};
     import { probeKeychain } from ${at('./probe-keychain.ts')};
     import { createVault } from ${at('./create-vault.ts')};
     import { silentLogger } from ${at('../log/logger.ts')};
     const keychain = createOsKeychain();
     const found = { probe: await probeKeychain(keychain) };
     if (found.probe.available) {
       found.absent = await keychain.getPassword('console-test', 'k');
       await keychain.setPassword('console-test', 'k', 'v1');
       await keychain.setPassword('console-test', 'k', 'v2');
       found.read = await keychain.getPassword('console-test', 'k');
       found.listed = await keychain.findCredentials('console-test');
       found.deleted = [await keychain.deletePassword('console-test', 'k'), await keychain.deletePassword('console-test', 'k')];
       const open = () => createVault({ dataDir: ${JSON.stringify(join(folder, 'vault'))}, keychain, expectsKey: false }, { log: silentLogger, now: () => 1 });
       const first = open();
       const { phrase } = await first.create({});
       await first.confirmBackup(phrase);
       const second = open();
       await second.unlock();
       found.sameNode = second.signers().identity.nodeId === first.signers().identity.nodeId;
       found.store = second.status().store;
     }
     console.log('FOUND ' + JSON.stringify(found));`,
  );
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const foundBy = ({ stdout, stderr }: SpawnSyncReturns<string>): unknown => {
  const line = stdout.split('\n').find((text) => text.startsWith('FOUND '));
  if (line === undefined) throw new Error(`no answer: ${stdout} ${stderr}`);
  return JSON.parse(line.slice('FOUND '.length));
};

if (skipReason !== null) process.stderr.write(`keychain test skipped: ${skipReason}\n`);

describe('os keychain', () => {
  it.skipIf(skipReason !== null)('keeps the wrapping key in a real Secret Service', { timeout: 60_000 }, () => {
    const script = `printf 'pw' | gnome-keyring-daemon --unlock --components=secrets --daemonize >"$HOME/env" && set -a && . "$HOME/env" && exec "$NODE" "$SCRIPT"`;
    const run = spawnSync('dbus-run-session', ['--', 'sh', '-c', script], {
      env: { ...environment, NODE: process.execPath, SCRIPT: join(folder, 'round-trip.mjs') },
      encoding: 'utf8',
      timeout: 50_000,
    });
    expect(foundBy(run)).toEqual({
      probe: { available: true, name: 'Secret Service', detail: null },
      absent: null,
      read: 'v2',
      listed: [{ account: 'k' }],
      deleted: [true, false],
      sameNode: true,
      store: { kind: 'keychain', name: 'Secret Service' },
    });
  });

  it.skipIf(process.platform !== 'linux')('says that no keychain answers where there is no D-Bus, and falls back to nothing', () => {
    const run = spawnSync(process.execPath, [join(folder, 'round-trip.mjs')], { env: { ...environment, DBUS_SESSION_BUS_ADDRESS: 'unix:path=/nonexistent' }, encoding: 'utf8' });
    expect(foundBy(run)).toEqual({ probe: { available: false, name: 'Secret Service', detail: expect.stringMatching(/./) as string } });
  });
});
