/** A verb of the command line as a row of a table: grammar, needs and act in one place, so that tests can walk all of them (decision 0013). */
import type { Writable } from 'node:stream';
import type { z } from 'zod';
import type { AppError } from '../../src-shared/errors.ts';
import type { Call, ConsoleDoor, Needs } from './console-door.ts';

/** What a verb works with while it runs. */
export type VerbContext = {
  door: ConsoleDoor;
  call: Call;
  /** One JSON document was asked for. */
  json: boolean;
  /** The operator's passphrase, asked once. @throws AppError host.bad_flag where nobody can be asked */
  passphrase(): Promise<string>;
  /** For what is streamed; everything else is returned. */
  stdout: Writable;
  /** Newest lines of the log file as JSON values, for a console that does not run. */
  readLogLines(limit: number): unknown[];
  sleep(ms: number): Promise<void>;
  now(): number;
};

/** What a verb says: one document for programs, lines for people. */
export type Report = { json: unknown; lines: readonly string[]; exitCode?: number; /** True when stdout carries the data itself and the lines belong on stderr. */ streamed?: boolean };

/** One option; `flags` as commander reads them, the value arrives as text under its camelCase name. */
export type Option = { flags: string; description: string; required?: boolean };

/** One row of the table. */
export type Verb = {
  /** Words of the verb, such as `task create`. */
  name: string;
  summary: string;
  /** A whole command line after the program's name. */
  example: string;
  options: readonly Option[];
  /** Signs something: takes --dry-run and --yes. */
  signs: boolean;
  needs: Needs;
  /** Reads the options. @throws z.ZodError */
  read(options: unknown): unknown;
  run(context: VerbContext, options: unknown): Promise<Report>;
  /** What the verb says when the console does not open; without it, or with null, the error itself is printed. */
  unopened?(error: AppError): Report | null;
};

type Row<T> = Omit<Verb, 'read' | 'run' | 'options' | 'signs' | 'needs'> & {
  options?: readonly Option[];
  signs?: boolean;
  needs?: Needs;
  schema: z.ZodType<T>;
  run(context: VerbContext, options: T): Promise<Report>;
};

/** Makes a row; its schema ties the options that are read to those that `run` takes. */
export function verb<T>({ schema, run, options = [], signs = false, needs = 'keys', ...row }: Row<T>): Verb {
  return { ...row, options, signs, needs, read: (given) => schema.parse(given), run: (context, given) => run(context, given as T) };
}
