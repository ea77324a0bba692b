/** Reads the runners' JSON reports into counts, and holds skipped tests against the committed allow-list. */
import { z } from 'zod';

/** What a runner counted; skipped tests by their full names. */
export type Tally = { passed: number; failed: number; skipped: string[] };

const vitestSchema = z.object({
  testResults: z.array(
    z.object({
      status: z.string(),
      assertionResults: z.array(z.object({ status: z.string(), fullName: z.string() })),
    }),
  ),
});

/** Counts of a Vitest JSON report; a file that failed to run counts as one failure. */
export function readVitestReport(text: string): Tally {
  const files = vitestSchema.parse(JSON.parse(text)).testResults;
  const tests = files.flatMap((file) => file.assertionResults);
  const brokenFiles = files.filter((file) => file.status === 'failed' && !file.assertionResults.some((test) => test.status === 'failed')).length;
  return {
    passed: tests.filter((test) => test.status === 'passed').length,
    failed: tests.filter((test) => test.status === 'failed').length + brokenFiles,
    skipped: tests.filter((test) => ['skipped', 'pending', 'todo', 'disabled'].includes(test.status)).map((test) => test.fullName),
  };
}

type Suite = { title: string; suites?: Suite[] | undefined; specs: { title: string; tests: { projectName: string; status: string }[] }[] };
const suiteSchema: z.ZodType<Suite> = z.lazy(() =>
  z.object({
    title: z.string(),
    suites: z.array(suiteSchema).optional(),
    specs: z.array(z.object({ title: z.string(), tests: z.array(z.object({ projectName: z.string(), status: z.string() })) })),
  }),
);
const playwrightSchema = z.object({ suites: z.array(suiteSchema), errors: z.array(z.unknown()) });

/** Counts of a Playwright JSON report; errors outside tests and flaky tests count as failures. */
export function readPlaywrightReport(text: string): Tally {
  const report = playwrightSchema.parse(JSON.parse(text));
  const walk = (suite: Suite): { name: string; status: string }[] => [
    ...suite.specs.flatMap((spec) => spec.tests.map((test) => ({ name: `[${test.projectName}] ${spec.title}`, status: test.status }))),
    ...(suite.suites ?? []).flatMap(walk),
  ];
  const tests = report.suites.flatMap(walk);
  return {
    passed: tests.filter((test) => test.status === 'expected').length,
    failed: tests.filter((test) => test.status === 'unexpected' || test.status === 'flaky').length + report.errors.length,
    skipped: tests.filter((test) => test.status === 'skipped').map((test) => test.name),
  };
}

/** Sum of two tallies. */
export const addUp = (a: Tally, b: Tally): Tally => ({ passed: a.passed + b.passed, failed: a.failed + b.failed, skipped: [...a.skipped, ...b.skipped] });

const conditions = ['no-electron', 'no-cuda', 'no-webgpu', 'no-keyring'] as const;
/** What this machine lacks; a skip is allowed only while its condition holds. */
export type Lack = (typeof conditions)[number];

const allowListSchema = z.array(z.object({ test: z.string().min(1), when: z.enum(conditions), reason: z.string().min(10) }));

const matches = (pattern: string, name: string): boolean => (pattern.endsWith('*') ? name.startsWith(pattern.slice(0, -1)) : name === pattern);

/** Names of skipped tests that the allow-list (JSON text) does not excuse: named (a trailing * stands for any rest), with a reason, while this machine lacks what they need. */
export function checkSkips(skipped: readonly string[], allowList: string, lacks: readonly Lack[]): string[] {
  const allowed = allowListSchema.parse(JSON.parse(allowList)).filter((entry) => lacks.includes(entry.when));
  return skipped.filter((name) => !allowed.some((entry) => matches(entry.test, name)));
}
