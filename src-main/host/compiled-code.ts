/** Keeps compiled code from start to start, so that a console opens sooner (product.md, Budgets: start to usable window). Imports nothing of ours: it must run before all else is loaded. */
import nodeModule from 'node:module';
import { homedir } from 'node:os';
import { join } from 'node:path';

/** The user's own folder for what may be lost: never one that other users write to, since what lies in it is run. */
export function compiledCodeFolder(platform: NodeJS.Platform, env: NodeJS.ProcessEnv, home: string = homedir()): string {
  const caches = platform === 'win32' ? (env['LOCALAPPDATA'] ?? join(home, 'AppData', 'Local')) : platform === 'darwin' ? join(home, 'Library', 'Caches') : (env['XDG_CACHE_HOME'] ?? join(home, '.cache'));
  return join(caches, 'operator-console', 'compiled');
}

/** Turns it on for this process and its children, where this Node has it and the folder can be written; without it everything works, only slower. A folder that the operator named by NODE_COMPILE_CACHE stands. */
export function keepCompiledCode(platform: NodeJS.Platform, env: NodeJS.ProcessEnv): void {
  if (env['NODE_COMPILE_CACHE'] !== undefined || env['NODE_DISABLE_COMPILE_CACHE'] !== undefined) return;
  const folder = compiledCodeFolder(platform, env);
  const enable = (nodeModule as { enableCompileCache?: (folder: string) => { directory?: string } }).enableCompileCache;
  if (enable?.(folder).directory !== undefined) env['NODE_COMPILE_CACHE'] = folder;
}
