/** Entry of the headless host: compiled code is kept first, since modules are compiled as they are loaded; then the host itself (architecture.md: entries choose host, paths and signals). */
import { keepCompiledCode } from './host/compiled-code.ts';

keepCompiledCode(process.platform, process.env);
void import('./headless-start.ts');
