/** The call behind `doctor` and the diagnostics in Settings: each thing that may keep the node from working, with its proof and what to do (product.md, Command line). */
import { z } from 'zod';

/** One finding. `unknown` is what could not be looked at; it is never shown as good. */
export const doctorCheckSchema = z.object({
  check: z.enum(['console', 'clock', 'keychain', 'keys', 'disk', 'folder', 'database', 'ports', 'endpoints', 'contract', 'link', 'provider', 'models', 'confidential']),
  /** `failed` keeps the node from working; `warning` costs earnings or comfort. */
  state: z.enum(['ok', 'warning', 'failed', 'unknown']),
  /** What was found. */
  proof: z.string(),
  /** What to do; null where there is nothing to do. */
  fix: z.string().nullable(),
});
export type DoctorCheck = z.infer<typeof doctorCheckSchema>;

/** All findings, in the order they are shown. */
export const doctorReportSchema = z.object({ atMs: z.number(), checks: z.array(doctorCheckSchema) });
export type DoctorReport = z.infer<typeof doctorReportSchema>;

export const diagnosticsCalls = {
  /** Looks now: asks each endpoint, the keychain and the database; takes seconds where something does not answer. */
  'diagnostics.doctor': { input: z.strictObject({}), output: doctorReportSchema },
} as const;
