/** The counts that CI prints are right, and a skip needs a reason on the list. */
import { describe, expect, it } from 'vitest';
import { addUp, checkSkips, readPlaywrightReport, readVitestReport } from './test-reports.ts';

describe('test reports', () => {
  it('counts a Vitest report, a file that did not run included', () => {
    const report = { testResults: [
      { status: 'failed', assertionResults: [{ status: 'passed', fullName: 'a' }, { status: 'failed', fullName: 'b' }, { status: 'skipped', fullName: 'c' }] },
      { status: 'failed', assertionResults: [] },
    ] };
    expect(readVitestReport(JSON.stringify(report))).toEqual({ passed: 1, failed: 2, skipped: ['c'] });
  });
  it('counts a Playwright report in depth; flaky is broken', () => {
    const spec = (title: string, status: string) => ({ title, tests: [{ projectName: 'headless', status }] });
    const report = { errors: [{}], suites: [{ title: 'f', specs: [spec('a', 'expected')], suites: [{ title: 'g', specs: [spec('b', 'flaky'), spec('c', 'skipped'), spec('d', 'unexpected')] }] }] };
    expect(readPlaywrightReport(JSON.stringify(report))).toEqual({ passed: 1, failed: 3, skipped: ['[headless] c'] });
  });
  it('adds up and holds skips against the list', () => {
    expect(addUp({ passed: 1, failed: 0, skipped: ['x'] }, { passed: 2, failed: 1, skipped: ['y'] })).toEqual({ passed: 3, failed: 1, skipped: ['x', 'y'] });
    const list = JSON.stringify([{ test: '[electron] *', when: 'no-electron', reason: 'Electron could not be fetched' }]);
    expect(checkSkips(['[electron] x', 'y'], list, ['no-electron'])).toEqual(['y']);
    expect(checkSkips(['[electron] x'], list, [])).toEqual(['[electron] x']);
    expect(() => checkSkips([], JSON.stringify([{ test: 'x', when: 'no-cuda', reason: '' }]), [])).toThrow();
  });
});
