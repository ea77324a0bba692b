/** `doctor`: what may keep the node from working, each with its proof and what to do (issue: "a doctor that checks clock, keychain, disk, ports, endpoints, provider and says what to do"). */
import { z } from 'zod';
import { doctorReportSchema, type DoctorReport } from '../../../src-shared/bridge/diagnostics-calls.ts';
import { exitCodes } from '../exit-codes.ts';
import { verb, type Report, type Verb } from '../verb.ts';

function reportOf(report: DoctorReport): Report {
  const mark = { ok: 'ok     ', warning: 'warning', failed: 'FAILED ', unknown: 'unknown' };
  return {
    json: doctorReportSchema.encode(report),
    lines: report.checks.flatMap(({ state, check, proof, fix }) => [`${mark[state]}  ${check.replaceAll('_', ' ').padEnd(12)} ${proof}`, ...(fix === null ? [] : [`           ${''.padEnd(10)} → ${fix}`])]),
    exitCode: report.checks.some(({ state }) => state === 'failed') ? exitCodes.unwell : exitCodes.done,
  };
}

/** The verb. Where the console does not even open, that is the finding. */
export const doctorVerb: Verb = {
  ...verb({
    name: 'doctor',
    summary: 'Check clock, keys, disk, ports, endpoints, contract, link, provider, models and database',
    example: 'doctor --json',
    needs: 'open_keys',
    schema: z.strictObject({}),
    run: async ({ call }) => reportOf(await call('diagnostics.doctor', {})),
  }),
  unopened: (error) => (error.code === 'host.bad_flag' ? null : reportOf({ atMs: 0, checks: [{ check: 'console', state: 'failed', proof: `the console does not open (${error.code})`, fix: error.message }] })),
};
