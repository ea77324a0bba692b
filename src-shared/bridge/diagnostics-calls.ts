/** The calls behind `doctor` and the diagnostics in Settings: what may keep the node from working, a bundle for a report whose redaction is shown, and what broke in the window (product.md, Command line and Settings; issue: "Diagnostics"). */
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

/** What was taken out of a line: secrets always, addresses and names of this machine when asked. */
export const redactionSchema = z.enum(['key', 'phrase', 'token', 'request', 'address', 'machine']);
export type Redaction = z.infer<typeof redactionSchema>;

/** Parts of a bundle. */
export const bundlePartSchema = z.enum(['versions', 'hardware', 'settings', 'chain', 'doctor', 'events', 'log']);
export type BundlePart = z.infer<typeof bundlePartSchema>;

/** One line of the bundle exactly as it will be saved, and what was taken out of it. */
export const bundleLineSchema = z.object({ part: bundlePartSchema, text: z.string(), removed: z.array(redactionSchema) });
export type BundleLine = z.infer<typeof bundleLineSchema>;

export const bundleSchema = z.object({ fileName: z.string(), atMs: z.number(), lines: z.array(bundleLineSchema) });
export type Bundle = z.infer<typeof bundleSchema>;

export const diagnosticsCalls = {
  /** Looks now: asks each endpoint, the keychain and the database; takes seconds where something does not answer. */
  'diagnostics.doctor': { input: z.strictObject({}), output: doctorReportSchema },
  /** Gathers the bundle, redacted; nothing is written and nothing is sent. `hideAddresses` takes out wallets, object ids, network addresses and names of this machine as well. */
  'diagnostics.bundle': { input: z.strictObject({ hideAddresses: z.boolean() }), output: bundleSchema },
  /** What broke in the window goes into the log, so that the bundle has it. */
  'diagnostics.report': { input: z.strictObject({ page: z.string().max(200), message: z.string().max(2_000), trace: z.string().max(8_000) }), output: z.object({}) },
} as const;
