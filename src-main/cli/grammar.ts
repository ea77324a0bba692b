/** The grammar of the command line, built from the table of verbs with commander: help, options, and refusals as AppErrors (decision 0013). */
import { Command, CommanderError } from 'commander';
import { z } from 'zod';
import { AppError } from '../../src-shared/errors.ts';
import { exitCodes } from './exit-codes.ts';
import type { Verb } from './verb.ts';

/** Flags that every verb takes. */
export type CommonFlags = { json: boolean; /** A file, or the id of a network. */ network: string | null; dataDir: string | null; passphraseFile: string | null };

/** What a command line says: a verb with its options read, or a text to print. */
export type Parsed = { kind: 'verb'; verb: Verb; options: unknown; flags: CommonFlags } | { kind: 'help'; text: string };

const commonSchema = z.object({ json: z.boolean().default(false), network: z.string().min(1).optional(), dataDir: z.string().min(1).optional(), passphraseFile: z.string().min(1).optional() });

const exitText = [
  'Exit codes:',
  `  ${exitCodes.done} done   ${exitCodes.usage} not a usable command, or --yes is missing   ${exitCodes.refused} refused   ${exitCodes.transient} try again later`,
  `  ${exitCodes.inDoubt} sent, outcome unknown   ${exitCodes.fatal} the node cannot work   ${exitCodes.unwell} doctor found something broken   ${exitCodes.bug} a bug: please report it`,
].join('\n');

/** Parses arguments without program and script. @throws AppError host.bad_flag */
export function parseCommand(args: readonly string[], verbs: readonly Verb[]): Parsed {
  const printed: string[] = [];
  let parsed: Parsed | null = null;
  const program = buildProgram(verbs, { print: (text) => printed.push(text), found: (verb, given) => (parsed = readVerb(verb, given)) });
  try {
    program.parse([...args], { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode !== 0) throw new AppError('host.bad_flag', { detail: detailOf(error, args, verbs) }, { cause: error });
  }
  return parsed ?? { kind: 'help', text: printed.join('') };
}

function detailOf({ code, message }: CommanderError, args: readonly string[], verbs: readonly Verb[]): string {
  // A group named without one of its verbs.
  if (code === 'commander.help') return `one of these is meant: ${verbs.filter(({ name }) => args.includes(name.split(' ')[0] ?? '') && name.includes(' ')).map(({ name }) => name).join(', ')}`;
  return message.replace(/^error: /, '').replace(/\s+/g, ' ').replace(/\.$/, '');
}

type Sinks = { print(text: string): void; found(verb: Verb, given: Record<string, unknown>): void };

function buildProgram(verbs: readonly Verb[], { print, found }: Sinks): Command {
  const prepare = (command: Command): Command =>
    command.exitOverride().configureOutput({ writeOut: print, writeErr: () => undefined }).configureHelp({ showGlobalOptions: true, helpWidth: 110 }).helpCommand(false);
  const program = prepare(new Command('console'))
    .description('The operator console. Without a verb it starts; with one it does that one thing.')
    .option('--json', 'one JSON document on stdout, errors too')
    .option('--network <file-or-id>', 'a network profile (FILE.json), or the id of a network that the console knows')
    .option('--data-dir <dir>', 'the data folder')
    .option('--passphrase-file <file>', 'first line opens the keys and confirms what is signed')
    .addHelpText('after', `\n${exitText}`)
    .helpCommand(true);
  const groups = new Map<string, Command>();
  const groupOf = (name: string): Command => {
    const known = groups.get(name);
    if (known !== undefined) return known;
    const group = prepare(new Command(name)).description(`${verbs.filter((verb) => verb.name.startsWith(`${name} `)).map((verb) => verb.name.slice(name.length + 1)).join(', ')}`);
    program.addCommand(group);
    groups.set(name, group);
    return group;
  };
  for (const verb of verbs) {
    const [first = '', second] = verb.name.split(' ');
    const command = prepare(new Command(second ?? first)).summary(verb.summary).description(verb.summary).addHelpText('after', `\nExample:\n  console ${verb.example}`);
    for (const { flags, description, required = false } of verb.options) command[required ? 'requiredOption' : 'option'](flags, description);
    if (verb.signs) command.option('--dry-run', 'simulate and show; nothing is signed').option('--yes', 'do it, also what cannot be undone');
    command.action((_options, self: Command) => found(verb, self.optsWithGlobals()));
    (second === undefined ? program : groupOf(first)).addCommand(command);
  }
  return program;
}

function readVerb(verb: Verb, given: Record<string, unknown>): Parsed {
  const { json, network, dataDir, passphraseFile, ...options } = given;
  try {
    const common = commonSchema.parse({ json, network, dataDir, passphraseFile });
    const flags = { json: common.json, network: common.network ?? null, dataDir: common.dataDir ?? null, passphraseFile: common.passphraseFile ?? null };
    return { kind: 'verb', verb, options: verb.read(options), flags };
  } catch (error) {
    if (!(error instanceof z.ZodError)) throw error;
    const [issue] = error.issues;
    const name = String(issue?.path[0] ?? '').replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
    throw new AppError('host.bad_flag', { detail: `--${name} ${issue?.message ?? 'cannot be used'}` }, { cause: error });
  }
}
