/** Lint rules: who may import whom (docs/architecture.md), named exports, no default exports, and TypeScript's own checks. */
import importX from 'eslint-plugin-import-x';
import { createTypeScriptImportResolver } from 'eslint-import-resolver-typescript';
import reactHooks from 'eslint-plugin-react-hooks';
import tseslint from 'typescript-eslint';

/** From `target`, of `from` only `except` (relative to `from`) may be imported. */
const zone = (target, from, except, message) => ({ target, from, except, message });
const modules = ['job', 'link', 'chain', 'inference', 'keys', 'store', 'system', 'wallet', 'leave', 'network', 'economics', 'models', 'wasm', 'attest', 'engines', 'ingress', 'access', 'fleet', 'confidential'];
const message = 'docs/architecture.md, "Who may import whom"';

const zones = [
  zone('./src-shared', './src-main', [], message),
  zone('./src-shared', './src-renderer', [], message),
  zone('./src-shared', './src-preload', [], message),
  zone('./src-shared/domain', './src-shared', ['./domain'], 'domain imports nothing of ours'),
  zone('./src-shared/link', './src-shared', ['./link', './domain', './errors.ts', './vectors'], message),
  zone('./src-shared/atoma', './src-shared', ['./atoma', './domain', './errors.ts', './vectors'], message),
  zone('./src-shared/bridge', './src-shared', ['./bridge', './domain', './errors.ts'], message),
  zone('./src-preload', './src-main', [], message),
  zone('./src-preload', './src-renderer', [], message),
  zone('./src-preload', './src-shared', ['./bridge'], message),
  zone('./src-renderer', './src-main', [], message),
  zone('./src-renderer', './src-preload', [], message),
  zone('./src-main', './src-renderer', [], message),
  zone('./src-main', './src-preload', [], message),
  zone('./src-main/core', './src-main', ['./core'], 'core is pure: src-shared only'),
  ...modules.map((name) => zone(`./src-main/${name}`, './src-main', [`./${name}`, './core', './log', './platform'], message)),
  zone('./src-main/handlers', './src-main', ['./handlers'], message),
  zone('./src-main/host', './src-main', ['./host', './log', './platform'], message),
  zone('./src-main/cli', './src-main', ['./cli', './log', './platform'], message),
  zone('./src-main/sandbox', './src-main', ['./sandbox', './log', './platform'], message),
  zone('./src-main/log', './src-main', ['./log'], message),
  zone('./src-main/platform', './src-main', ['./platform', './log'], message),
  ...['node.ts', 'node', 'session', 'areas'].map((name) => zone(`./src-main/${name}`, './src-main/host', [], message)),
];

const electronOnly = ['src-main/host/electron-host.ts', 'src-main/host/window.ts', 'src-main/host/desktop/**/*.ts', 'src-main/main.ts', 'src-preload/preload.ts'];
const restricted = (paths, patterns = []) => ['error', { paths, patterns }];
const electronPath = { name: 'electron', message: 'electron only in electron-host.ts, window.ts, host/desktop, main.ts and the preload' };
const ipcMainPath = { name: 'electron', importNames: ['ipcMain'], message: 'ipcMain only in electron-host.ts' };
const sqlitePath = { name: 'node:sqlite', message: 'node:sqlite only in src-main/platform/sqlite.ts' };

export default tseslint.config(
  { ignores: ['out/**', 'dist/**', 'node_modules/**', 'test-results/**', 'playwright-report/**'] },
  ...tseslint.configs.recommended,
  {
    files: ['**/*.{ts,tsx,js}'],
    plugins: { 'import-x': importX },
    settings: {
      'import-x/resolver-next': [createTypeScriptImportResolver({ alwaysTryTypes: true })],
      'import-x/extensions': ['.ts', '.tsx', '.js'],
      'import-x/parsers': { '@typescript-eslint/parser': ['.ts', '.tsx'] },
    },
    rules: {
      'import-x/no-restricted-paths': ['error', { basePath: import.meta.dirname, zones }],
      'import-x/no-cycle': 'error',
      'import-x/no-default-export': 'error',
      'import-x/export': 'error',
      'no-restricted-imports': restricted([electronPath, sqlitePath]),
      'no-restricted-syntax': ['error', { selector: 'ExportAllDeclaration', message: 'Name what a door exports.' }],
      'no-console': 'error',
      eqeqeq: 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
    },
  },
  {
    files: ['src-shared/**/*.ts'],
    ignores: ['**/*.test.ts'],
    rules: {
      'no-restricted-imports': restricted([electronPath, sqlitePath], [
        { regex: '^(?!\\.{1,2}/|zod$|jose$|@noble/hashes/|@mysten/sui/(bcs|utils)$)', message: 'src-shared imports zod, jose, noble hashes and @mysten/sui/bcs only' },
      ]),
    },
  },
  {
    files: ['src-main/core/**/*.ts'],
    ignores: ['**/*.test.ts'],
    rules: {
      'no-restricted-imports': restricted([electronPath, sqlitePath], [{ regex: '^node:', message: 'core is pure' }]),
      'no-restricted-properties': ['error', { object: 'Date', property: 'now', message: 'core has no clock' }, { object: 'Math', property: 'random', message: 'core has no chance' }],
      'no-restricted-syntax': ['error', { selector: ':function[async=true]', message: 'core is synchronous' }, { selector: 'ExportAllDeclaration', message: 'Name what a door exports.' }],
    },
  },
  { files: electronOnly, rules: { 'no-restricted-imports': restricted([sqlitePath]) } },
  { files: ['src-main/host/window.ts', 'src-main/host/desktop/**/*.ts', 'src-main/main.ts', 'src-preload/preload.ts'], rules: { 'no-restricted-imports': restricted([sqlitePath, ipcMainPath]) } },
  { files: ['src-main/platform/sqlite.ts'], rules: { 'no-restricted-imports': restricted([electronPath]) } },
  {
    files: ['src-renderer/**/*.{ts,tsx}'],
    plugins: { 'react-hooks': reactHooks },
    rules: {
      ...reactHooks.configs.recommended.rules,
      'no-restricted-imports': restricted([electronPath, sqlitePath], [{ regex: '^node:', message: 'the window has no Node' }]),
    },
  },
  // A test may meet another module's real part; the product may not.
  { files: ['**/*.test.{ts,tsx}', '**/testing/**/*.ts'], rules: { 'import-x/no-restricted-paths': 'off', 'no-restricted-imports': restricted([electronPath, sqlitePath]) } },
  { files: ['*.config.{ts,js}'], rules: { 'import-x/no-default-export': 'off' } },
  { files: ['scripts/**/*.ts', 'src-main/headless-start.ts', 'src-main/main.ts', 'src-main/sandbox/main.ts', 'e2e/**/*.ts'], rules: { 'no-console': 'off' } },
);
