/** The same journeys on both hosts: the headless one in Debian's chromium, the desktop one in real Electron. No retries: flaky is broken. */
import { defineConfig } from '@playwright/test';

export default defineConfig({
  testDir: 'e2e',
  testMatch: '**/*.spec.ts',
  workers: 1,
  retries: 0,
  timeout: 180_000,
  expect: { timeout: 20_000 },
  reporter: [['list'], ['json']],
  outputDir: 'test-results',
  projects: [{ name: 'headless' }, { name: 'electron' }],
});
