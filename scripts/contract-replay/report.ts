/** Reads recorded contract files without losing digits, replays them and writes what differs. */
import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { recordedFileSchema, replayFile } from '../../src-main/sandbox/chain/rules/replay-file.ts';
import type { Verdict } from '../../src-main/sandbox/chain/rules/replay-file.ts';

/** The lines to print, the last of them `N/M agree`, and the two numbers. */
export type Report = { lines: string[]; agreed: number; total: number };

type Reviver = (key: string, value: unknown, context: { source?: string }) => unknown;

/** Whole numbers too long for a JSON number come as bigint, from their own digits. */
const exactly: Reviver = (_key, value, { source }) =>
  typeof value === 'number' && !Number.isSafeInteger(value) && source !== undefined && /^-?\d+$/.test(source)
    ? BigInt(source)
    : value;

async function verdictsOf(file: string): Promise<Verdict[]> {
  try {
    const parse = JSON.parse as (text: string, reviver: Reviver) => unknown;
    return replayFile(recordedFileSchema.parse(parse(await readFile(file, 'utf8'), exactly)));
  } catch (error) {
    return [{ id: 'file', kind: 'differ', lines: [error instanceof Error ? error.message : String(error)] }];
  }
}

/** Replays all files. A file that cannot be read or is of another format counts as one that differs. */
export async function replayReport(files: readonly string[]): Promise<Report> {
  const lines: string[] = [];
  let agreed = 0;
  let total = 0;
  for (const file of files) {
    for (const { id, kind, lines: why } of await verdictsOf(file)) {
      total += 1;
      if (kind === 'agree') agreed += 1;
      else
        lines.push(
          `${kind === 'differ' ? 'FAIL' : 'unsupported'} ${basename(file)} ${id}`,
          ...why.map((line) => `  ${line}`),
        );
    }
  }
  return { lines: [...lines, `${agreed}/${total} agree`], agreed, total };
}
