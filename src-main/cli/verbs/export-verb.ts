/** `export-csv`: the whole ledger into a file or to stdout (product.md, Economics: "CSV export"). */
import { createWriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { resolve } from 'node:path';
import { z } from 'zod';
import { AppError } from '../../../src-shared/errors.ts';
import { writeLedgerCsv } from '../ledger-csv.ts';
import { verb, type Verb } from '../verb.ts';

/** What export-csv prints with --json. */
export const exportReportSchema = z.object({ file: z.string(), rows: z.number().int() });

/** The verb. A file appears whole or not at all. */
export const exportVerb: Verb = verb({
  name: 'export-csv',
  summary: 'Write the ledger as CSV, one row an entry, newest first',
  example: 'export-csv --out ledger.csv',
  options: [{ flags: '--out <file>', description: 'the file, readable by you alone; without it the rows go to stdout' }],
  schema: z.strictObject({ out: z.string().min(1).optional() }),
  run: async ({ call, stdout, json }, { out }) => {
    const page = (limit: number, before: string | null) => call('ledger.list', { limit, before });
    if (out === undefined && json) throw new AppError('host.bad_flag', { detail: '--json needs --out FILE, for stdout can carry only one of the two' });
    if (out === undefined) {
      const rows = await writeLedgerCsv(page, stdout, { keepOpen: true });
      return { json: null, lines: [`${rows} rows`], streamed: true };
    }
    const file = resolve(out);
    const part = `${file}.part`;
    try {
      const rows = await writeLedgerCsv(page, createWriteStream(part, { flags: 'w', mode: 0o600 }));
      await rename(part, file);
      return { json: exportReportSchema.encode({ file, rows }), lines: [`${rows} rows in ${file}`] };
    } catch (error) {
      await rm(part, { force: true });
      if (error instanceof AppError) throw error;
      throw new AppError('host.bad_flag', { detail: `--out ${file}: ${error instanceof Error ? error.message : String(error)}` }, { cause: error });
    }
  },
});
