/** The same journeys on both hosts: the headless one in Debian's chromium, the desktop one in real Electron. No retries: flaky is broken. */
import { defineConfig } from '@playwright/test';

export default defineConfig({
  testDir: 'e2e',
  testMatch: '**/*.spec.ts',
  workers: 1,
  retries: 0,
  timeout: 180_000,
  expect: { timeout: 20_000 },
  reporter: process.env['PLAYWRIGHT_JSON_OUTPUT_NAME'] === undefined ? 'list' : [['list'], ['json']],
  outputDir: 'test-results',
  use: { actionTimeout: 20_000 },
  projects: [
    { name: 'headless', testIgnore: ['**/electron/**', '**/gallery/**'] },
    { name: 'electron', testIgnore: ['**/headless/**', '**/gallery/**'] },
    // Pictures for people, no test: `npm run screenshots`.
    ...(process.env['CONSOLE_E2E_GALLERY'] === undefined ? [] : [{ name: 'gallery', testMatch: '**/gallery/**/*.spec.ts' }]),
  ],
});
