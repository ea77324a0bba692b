/** Each import rule of docs/architecture.md is planted once as a violation and must be reported; its lawful twin must not. */
import { resolve } from 'node:path';
import { ESLint } from 'eslint';
import { beforeAll, describe, expect, it } from 'vitest';

const root = resolve(import.meta.dirname, '..');
let eslint: ESLint;
beforeAll(() => {
  eslint = new ESLint({ cwd: root });
});

async function rulesBroken(file: string, code: string): Promise<string[]> {
  const [result] = await eslint.lintText(code, { filePath: resolve(root, file) });
  return (result?.messages ?? []).map((message) => message.ruleId ?? message.message);
}

const use = (specifier: string) => `import * as planted from '${specifier}';\nexport const used = planted;\n`;
const paths = 'import-x/no-restricted-paths';

const violations: [string, string, string, string][] = [
  ['src-shared reaches into src-main', 'src-shared/domain/planted.ts', use('../../src-main/log/logger.ts'), paths],
  ['domain imports errors', 'src-shared/domain/planted.ts', use('../errors.ts'), paths],
  ['link imports the bridge', 'src-shared/link/planted.ts', use('../bridge/index.ts'), paths],
  ['src-shared imports Node', 'src-shared/link/planted.ts', use('node:fs'), 'no-restricted-imports'],
  ['src-shared imports another package', 'src-shared/link/planted.ts', use('ws'), 'no-restricted-imports'],
  ['core imports a module', 'src-main/core/planted.ts', use('../log/logger.ts'), paths],
  ['core imports Node', 'src-main/core/planted.ts', use('node:fs'), 'no-restricted-imports'],
  ['core reads the clock', 'src-main/core/planted.ts', 'export const at = (): number => Date.now();', 'no-restricted-properties'],
  ['core is asynchronous', 'src-main/core/planted.ts', 'export const late = async (): Promise<number> => 1;', 'no-restricted-syntax'],
  ['a module imports another', 'src-main/chain/planted.ts', use('../inference/types.ts'), paths],
  ['the job pipeline imports keys', 'src-main/job/planted.ts', use('../wallet/proposals.ts'), paths],
  ['a handler imports a module', 'src-main/handlers/planted.ts', use('../wallet/proposals.ts'), paths],
  ['a piece of the node imports the host', 'src-main/node/planted.ts', use('../host/flags.ts'), paths],
  ['the composition root imports the host', 'src-main/node.ts', use('./host/flags.ts'), paths],
  ['a module imports a piece of the node', 'src-main/chain/planted.ts', use('../node/node-topics.ts'), paths],
  ['the host imports a handler', 'src-main/host/planted.ts', use('../handlers/node-handlers.ts'), paths],
  ['the command line imports the host', 'src-main/cli/planted.ts', use('../host/flags.ts'), paths],
  ['the command line imports a module', 'src-main/cli/planted.ts', use('../chain/call-errors.ts'), paths],
  ['the sandbox imports the node', 'src-main/sandbox/planted.ts', use('../wallet/proposals.ts'), paths],
  ['the node imports the sandbox', 'src-main/chain/planted.ts', use('../sandbox/chain/chain-api.ts'), paths],
  ['the window imports the main process', 'src-renderer/planted.ts', use('../src-main/log/logger.ts'), paths],
  ['the window imports Node', 'src-renderer/planted.ts', use('node:fs'), 'no-restricted-imports'],
  ['the preload imports link', 'src-preload/planted.ts', use('../src-shared/link/codes.ts'), paths],
  ['electron outside its files', 'src-main/chain/planted.ts', use('electron'), 'no-restricted-imports'],
  ['ipcMain outside the Electron host', 'src-main/host/window.ts', "import { ipcMain } from 'electron';\nexport const used = ipcMain;\n", 'no-restricted-imports'],
  ['node:sqlite outside its file', 'src-main/store/planted.ts', use('node:sqlite'), 'no-restricted-imports'],
  ['a default export', 'src-main/chain/planted.ts', 'export default 1;\n', 'import-x/no-default-export'],
  ['a door that exports everything', 'src-main/log/planted.ts', "export * from './logger.ts';\n", 'no-restricted-syntax'],
  ['printing to the console', 'src-main/chain/planted.ts', "console.log('x');\n", 'no-console'],
];

const lawful: [string, string, string][] = [
  ['link uses domain and noble', 'src-shared/link/planted.ts', use('../domain/ids.ts') + "import { sha256 } from '@noble/hashes/sha2.js';\nexport const hash = sha256;\n"],
  ['a module uses the log', 'src-main/chain/planted.ts', use('../log/logger.ts')],
  ['core uses src-shared', 'src-main/core/planted.ts', use('../../src-shared/link/codes.ts')],
  ['a piece of the node uses a module', 'src-main/node/planted.ts', use('../chain/call-errors.ts')],
  ['the sandbox uses platform', 'src-main/sandbox/planted.ts', use('../platform/processes.ts')],
  ['the command line uses platform', 'src-main/cli/planted.ts', use('../platform/control-file.ts')],
  ['the window uses src-shared', 'src-renderer/planted.ts', use('../src-shared/errors.ts')],
];

describe('import rules', () => {
  it.each(violations)('reports when %s', async (_, file, code, rule) => expect(await rulesBroken(file, code)).toContain(rule));
  it.each(lawful)('is silent when %s', async (_, file, code) => expect(await rulesBroken(file, code)).toEqual([]));
  it('reports a cycle', async () => {
    expect(await rulesBroken('src-main/log/redact.ts', "import { silentLogger } from './logger.ts';\nexport const redact = silentLogger;\n")).toContain('import-x/no-cycle');
  });
});
