/** Runs one command line from its arguments to its exit code: parse, open the door, do the one thing, print, close (decision 0013). */
import type { Writable } from 'node:stream';
import type { AppError} from '../../src-shared/errors.ts';
import { toAppError } from '../../src-shared/errors.ts';
import { redactText } from '../log/redact.ts';
import { callsOver, type ConsoleDoor, type Needs } from './console-door.ts';
import { exitCodeOf, exitCodes } from './exit-codes.ts';
import { parseCommand, type CommonFlags, type Parsed } from './grammar.ts';
import type { Report, Verb, VerbContext } from './verb.ts';

/** What the command line needs of the rest. */
export type CommandDeps = {
  verbs: readonly Verb[];
  /** Opens the console of a data folder for one verb. @throws AppError host.no_console, host.needs_console, host.other_network, store.in_use, … */
  open(request: OpenRequest): Promise<ConsoleDoor>;
  /** Reads the file, or asks on the terminal. */
  passphrase(file: string | null): Promise<string>;
  readLogLines(dataDir: string | null, limit: number): unknown[];
  stdout: Writable;
  stderr: Writable;
  sleep(ms: number): Promise<void>;
  now(): number;
};

/** Which console a verb wants, and how much of it. */
export type OpenRequest = {
  needs: Needs;
  dataDir: string | null;
  network: string | null;
  /** Asked once at most; null where asking would be too much for what the verb wants to know. */
  passphrase: (() => Promise<string>) | null;
};

/** Runs it; never rejects. Resolves with the exit code when everything was handed to the streams. */
export async function runCommand(args: readonly string[], deps: CommandDeps): Promise<number> {
  // Also a command line that cannot be parsed is answered in the form that was asked for.
  let json = args.includes('--json');
  try {
    const parsed = parseCommand(args, deps.verbs);
    if (parsed.kind === 'help') {
      deps.stdout.write(parsed.text);
      return exitCodes.done;
    }
    json = parsed.flags.json;
    return print(await runVerb(parsed, deps), json, deps);
  } catch (caught) {
    return printError(toAppError(caught), json, deps);
  }
}

async function runVerb({ verb, options, flags }: Extract<Parsed, { kind: 'verb' }>, deps: CommandDeps): Promise<Report> {
  let asked: Promise<string> | null = null;
  const passphrase = (): Promise<string> => (asked ??= deps.passphrase(flags.passphraseFile));
  const mayAsk = verb.needs === 'keys' || flags.passphraseFile !== null;
  const door = await openFor(verb, flags, mayAsk ? passphrase : null, deps);
  if ('lines' in door) return door;
  const context: VerbContext = {
    door,
    json: flags.json,
    call: callsOver(door),
    passphrase,
    stdout: deps.stdout,
    readLogLines: (limit) => deps.readLogLines(flags.dataDir, limit),
    sleep: deps.sleep,
    now: deps.now,
  };
  try {
    return await verb.run(context, options);
  } finally {
    await door.close();
  }
}

/** A verb may have something to say about a console that does not open. */
async function openFor(verb: Verb, { dataDir, network }: CommonFlags, passphrase: OpenRequest['passphrase'], deps: CommandDeps): Promise<ConsoleDoor | Report> {
  try {
    return await deps.open({ needs: verb.needs, dataDir, network, passphrase });
  } catch (caught) {
    const report = verb.unopened?.(toAppError(caught)) ?? null;
    if (report === null) throw caught;
    return report;
  }
}

function print({ json: document, lines, exitCode = exitCodes.done, streamed = false }: Report, json: boolean, { stdout, stderr }: CommandDeps): number {
  if (streamed) stderr.write(`${lines.join('\n')}\n`);
  else stdout.write(json ? `${JSON.stringify(document)}\n` : lines.map((line) => `${line}\n`).join(''));
  return exitCode;
}

function printError(error: AppError, json: boolean, { stdout, stderr }: CommandDeps): number {
  const { code, message, fields } = error;
  if (json) stdout.write(`${JSON.stringify({ error: { code, message, fields } })}\n`);
  else stderr.write(`${message}\n`);
  if (error.kind === 'bug' && error.cause !== undefined) stderr.write(`${redactText(error.cause instanceof Error ? (error.cause.stack ?? error.cause.message) : String(error.cause))}\n`);
  if (!json && code === 'host.bad_flag') stderr.write('See: console help\n');
  return exitCodeOf(code);
}
