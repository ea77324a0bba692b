/** Entry of the headless host: compiled code is kept first, since modules are compiled as they are loaded; then the vault's key is begun; then the host itself (architecture.md: entries choose host, paths and signals). */
import { keepCompiledCode } from './host/compiled-code.ts';

async function start(args: readonly string[]): Promise<void> {
  keepCompiledCode(process.platform, process.env);
  const { beginKeyOfStart } = await import('./headless-key.ts');
  const begunKey = beginKeyOfStart(args);
  const { startHeadless } = await import('./headless-start.ts');
  startHeadless(args, begunKey);
}

void start(process.argv.slice(2));
