/** Compiled code lies in the user's own cache, whatever the system, and an operator's own choice stands. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { compiledCodeFolder, keepCompiledCode } from './compiled-code.ts';

describe('compiledCodeFolder', () => {
  it.each([
    ['linux', {}, ['home', '.cache']],
    ['linux', { XDG_CACHE_HOME: join('own', 'cache') }, ['own', 'cache']],
    ['darwin', {}, ['home', 'Library', 'Caches']],
    ['win32', {}, ['home', 'AppData', 'Local']],
    ['win32', { LOCALAPPDATA: join('own', 'local') }, ['own', 'local']],
  ] as const)('%s %o', (platform, env, parts) => {
    expect(compiledCodeFolder(platform, { ...env }, 'home')).toBe(join(...parts, 'operator-console', 'compiled'));
  });
});

describe('keepCompiledCode', () => {
  it('hands the folder to children, so that they start sooner as well', () => {
    const cache = mkdtempSync(join(tmpdir(), 'compiled-'));
    const env: NodeJS.ProcessEnv = { XDG_CACHE_HOME: cache, LOCALAPPDATA: cache };
    keepCompiledCode('linux', env);
    expect(env['NODE_COMPILE_CACHE']).toBe(join(cache, 'operator-console', 'compiled'));
    rmSync(cache, { recursive: true, force: true });
  });
  it.each(['NODE_COMPILE_CACHE', 'NODE_DISABLE_COMPILE_CACHE'])('leaves %s to the operator', (name) => {
    const env: NodeJS.ProcessEnv = { [name]: '1' };
    keepCompiledCode('linux', env);
    expect(env).toEqual({ [name]: '1' });
  });
});
