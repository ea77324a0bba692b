/** What the store writes about itself: download.json beside partial files, and store.json in a model's folder (issue 4, item 3: state is a journal beside the partial file). */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { quantisationSchema } from '../../src-shared/bridge/model-calls.ts';
import { writeFileAtomically } from '../platform/files.ts';
import { isRepoName, safeSegments } from './safe-path.ts';
import type { DownloadRecord } from './types.ts';

const safePath = z.string().refine((path) => safeSegments(path) !== null, 'a path inside the model');
const commit = z.string().regex(/^[0-9a-f]{40,64}$/);
const repo = z.string().refine(isRepoName, 'a repository');
const sha256 = z.string().regex(/^[0-9a-f]{64}$/);
const plannedFile = z.object({
  path: safePath,
  target: safePath,
  sizeBytes: z.number().int().min(0),
  check: z.discriminatedUnion('kind', [z.object({ kind: z.literal('sha256'), hex: sha256 }), z.object({ kind: z.literal('git-sha1'), hex: z.string().regex(/^[0-9a-f]{40}$/) })]),
});

const recordSchema = z.object({
  version: z.literal(1),
  id: z.string().regex(/^[0-9a-f]{16}$/),
  kind: z.enum(['install', 'repair']),
  repo,
  commit,
  role: z.number().int().min(0),
  quantisation: quantisationSchema,
  files: z.array(plannedFile),
  kept: z.array(plannedFile.extend({ sha256 })),
  paused: z.boolean(),
  createdMs: z.number(),
}) satisfies z.ZodType<DownloadRecord>;

const installedSchema = z.object({
  version: z.literal(1),
  repo,
  commit,
  role: z.number().int().min(0),
  quantisation: quantisationSchema,
  verifiedAtMs: z.number(),
  vramBytes: z.number().int().min(0),
  files: z.array(plannedFile.extend({ sha256 })).min(1),
});
/** store.json: where an installed model came from, and how each file was checked. */
export type InstalledRecord = z.infer<typeof installedSchema>;

/** One id for one revision, so that a second order finds the first. */
export const downloadId = (name: string, revision: string): string => createHash('sha256').update(`${name}@${revision}`).digest('hex').slice(0, 16);

async function readJson<T>(path: string, schema: z.ZodType<T>): Promise<T | null> {
  try {
    return schema.parse(JSON.parse(await readFile(path, 'utf8')));
  } catch {
    return null; // absent, half written by other hands, or of another version: the caller says what that means
  }
}

const textOf = (value: object): Buffer => Buffer.from(`${JSON.stringify(value, null, 1)}\n`);

/** The record of a download's folder, or null when there is none that can be read. */
export const readDownload = (path: string): Promise<DownloadRecord | null> => readJson(path, recordSchema);
export const writeDownload = (path: string, record: DownloadRecord): Promise<void> => writeFileAtomically(path, textOf(record));

/** The record of an installed model, or null when there is none that can be read. */
export const readInstalled = (path: string): Promise<InstalledRecord | null> => readJson(path, installedSchema);
export const writeInstalled = (path: string, record: InstalledRecord): Promise<void> => writeFileAtomically(path, textOf(record));
