/** The systemd unit starts the console with flags that it knows, and everything the console writes lies where the unit lets it (issue: systemd unit). */
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { compiledCodeFolder } from './compiled-code.ts';
import { keyLockFolder, parseFlags } from './flags.ts';

const unit = readFileSync(resolve(import.meta.dirname, '../../resources/systemd/operator-console.service'), 'utf8');
const values = (name: string): string[] => unit.split('\n').flatMap((line) => (line.startsWith(`${name}=`) ? [line.slice(name.length + 1)] : []));
/** As systemd does for a unit of the system; no home can be reached. */
const expand = (text: string): string => text.replaceAll('%S', '/var/lib').replaceAll('%C', '/var/cache').replaceAll('%d', '/run/credentials/operator-console.service');
const env = Object.fromEntries(values('Environment').flatMap((line) => expand(line).split(' ')).map((pair) => pair.split('=') as [string, string]));
const [program, script, ...args] = expand(values('ExecStart')[0] ?? '').split(' ');
const writable = [...values('StateDirectory').map((name) => join('/var/lib', name)), ...values('CacheDirectory').map((name) => join('/var/cache', name))];
const isWritable = (path: string): boolean => writable.some((folder) => path === folder || path.startsWith(`${folder}/`));

describe('the unit', () => {
  it('runs the headless host with flags that are known', () => {
    expect([program, script]).toEqual(['/usr/bin/node', '/opt/operator-console/out/main/headless.cjs']);
    expect(parseFlags(args)).toMatchObject({ dataDir: '/var/lib/operator-console', port: 4100, passphraseFile: '/run/credentials/operator-console.service/passphrase' });
    expect(values('LoadCredential')).toEqual(['passphrase:/etc/operator-console/passphrase']);
  });

  it('lets it write what it writes, and nothing else', () => {
    expect([values('ProtectSystem'), values('ProtectHome')]).toEqual([['strict'], ['yes']]);
    for (const path of [parseFlags(args).dataDir ?? '', keyLockFolder('linux', env), compiledCodeFolder('linux', env, '/home/operator')]) expect(isWritable(path), path).toBe(true);
    expect(isWritable(keyLockFolder('linux', {}))).toBe(false);
  });

  it('lets running work finish before it is killed', () => {
    expect([values('KillSignal'), values('KillMode')]).toEqual([['SIGTERM'], ['mixed']]);
    expect(values('TimeoutStopSec')).toEqual(['10min']);
  });
});
