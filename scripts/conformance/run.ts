/** Tells the format of each file by its content, runs its cases and counts. */
import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import type { Case } from './cases.ts';
import { commitmentCases, commitmentsSchema } from './commitments.ts';
import { coordinatorCases } from './coordinator.ts';
import { coordinatorSchema } from './coordinator-format.ts';

/** The lines to print, the last of them the totals. */
export type Report = { lines: string[]; passed: number; failed: number };

/** Runs all cases of all files. A file that cannot be read, or is of no known format, counts as one failure. */
export async function runConformance(files: readonly string[]): Promise<Report> {
  const lines: string[] = [];
  let passed = 0;
  let failed = 0;
  for (const file of files) {
    for (const { name, run } of await casesOf(file)) {
      try {
        await run();
        passed += 1;
      } catch (error) {
        failed += 1;
        lines.push(`FAIL ${basename(file)}: ${name}: ${error instanceof Error ? error.message : String(error)}`.replaceAll('\n', ' '));
      }
    }
  }
  return { lines: [...lines, `${passed} passed, ${failed} failed`], passed, failed };
}

/** A file that gives no cases gives one that fails with the reason. */
async function casesOf(file: string): Promise<Case[]> {
  try {
    return await formatOf(JSON.parse(await readFile(file, 'utf8')));
  } catch (error) {
    return [{ name: 'file', run: () => Promise.reject(error instanceof Error ? error : new Error(String(error))) }];
  }
}

async function formatOf(json: unknown): Promise<Case[]> {
  const has = (name: string): boolean => typeof json === 'object' && json !== null && name in json;
  if (has('cases')) return commitmentCases(commitmentsSchema.parse(json));
  if (has('keys') && has('identities')) return coordinatorCases(coordinatorSchema.parse(json));
  throw new Error('unknown format: neither a coordinator nor a commitments file');
}
