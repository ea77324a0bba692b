/** The grammar: every verb's own example, what each verb reads, and a table of what is refused and why. */
import { describe, expect, it } from 'vitest';
import { parkedPrice } from '../../src-shared/bridge/intents.ts';
import { AppError, errorTable, type ErrorCode } from '../../src-shared/errors.ts';
import { flagsWithValue } from '../host/flags.ts';
import { commandArgs, withValue } from './command-args.ts';
import { exitCodeOf, exitCodes } from './exit-codes.ts';
import { parseCommand, type Parsed } from './grammar.ts';
import { allVerbs } from './verbs/all-verbs.ts';

/** Words of a line; enough for these tests, which need no quotes. */
const words = (line: string): string[] => line.split(' ').filter((word) => word !== '');
const parsed = (line: string): Extract<Parsed, { kind: 'verb' }> => {
  const found = parseCommand(words(line), allVerbs);
  if (found.kind !== 'verb') throw new Error(`help for: ${line}`);
  return found;
};
const hash = 'aB'.repeat(32);
const address = `0x${'0a'.repeat(32)}`;
const signing = { dryRun: false, yes: false };
const max = String(parkedPrice);

describe('every verb', () => {
  it.each(allVerbs.map((verb) => [verb.name, verb] as const))('%s parses its own example and has help', (name, verb) => {
    expect(parsed(verb.example)).toMatchObject({ verb: { name } });
    expect(words(verb.example).slice(0, words(name).length).join(' ')).toBe(name);
    const help = parseCommand([...words(name), '--help'], allVerbs);
    expect(help).toMatchObject({ kind: 'help', text: expect.stringContaining(`console ${verb.example}`) });
    for (const { flags } of verb.options) expect(help).toMatchObject({ text: expect.stringContaining(flags) });
    expect(help).toMatchObject({ text: expect.stringContaining('--data-dir <dir>') });
    if (verb.signs) expect(help).toMatchObject({ text: expect.stringContaining('--dry-run') });
  });

  it('has a name of its own, and is in the help', () => {
    expect(new Set(allVerbs.map(({ name }) => name)).size).toBe(allVerbs.length);
    const help = parseCommand(['help'], allVerbs);
    for (const { name } of allVerbs) for (const word of words(name)) expect(help).toMatchObject({ kind: 'help', text: expect.stringContaining(word) });
    expect(help).toMatchObject({ text: expect.stringContaining('Exit codes') });
  });

  it('refuses an option that it does not know, and a stray word', () => {
    for (const { example } of allVerbs) {
      expect(() => parsed(`${example} --bogus`)).toThrow(expect.objectContaining({ code: 'host.bad_flag' }));
      expect(() => parsed(`${example} stray`)).toThrow(expect.objectContaining({ code: 'host.bad_flag' }));
    }
  });

  it('takes --dry-run and --yes exactly where something is signed', () => {
    for (const { name, example, signs } of allVerbs) {
      const dry = (): unknown => parsed(`${example} --dry-run`).options;
      if (signs) expect(dry()).toMatchObject({ dryRun: true });
      else expect(dry, name).toThrow(AppError);
    }
  });
});

describe('what is read', () => {
  it.each<[string, object]>([
    ['status', {}],
    ['drain', { timeout: 600 }],
    ['drain --timeout 0', { timeout: 0 }],
    ['leave start --yes', { yes: true }],
    ['jobs', { limit: 50 }],
    ['jobs --limit 500 --stack 7 --stage accepted --before x', { limit: 500, stack: 7n, stage: 'accepted', before: 'x' }],
    ['ledger --limit 1', { limit: 1 }],
    ['logs --level warn --text chain', { limit: 50, level: 'warn', text: 'chain' }],
    ['export-csv --out a.csv', { out: 'a.csv' }],
    ['faucet', signing],
    [`faucet --amount ${max}`, { amount: parkedPrice, ...signing }],
    ['task create --role chat', { role: 0, security: 'none', minReputation: 0, private: false, ...signing }],
    ['task create --role 7 --model a/b --security confidential --min-reputation 100 --private', { role: 7, model: 'a/b', security: 'confidential', minReputation: 100, private: true, ...signing }],
    ['task deprecate --task 3 --yes', { task: 3n, dryRun: false, yes: true }],
    ['subscribe --task 1 --price 80', { task: 1n, price: 80n, ...signing }],
    ['update-subscription --task 1 --price 80 --max-units 9', { task: 1n, price: 80n, maxUnits: 9n, ...signing }],
    ['stack buy --task 1 --units 1000 --price 100 --dry-run', { task: 1n, units: 1_000n, price: 100n, dryRun: true, yes: false }],
    ['stack settle --stack 7', { stack: 7n, ...signing }],
    [`attest --stack 7 --root 0x${hash}`, { stack: 7n, root: hash.toLowerCase(), ...signing }],
    [`dispute --stack 7 --commitment ${hash}`, { stack: 7n, commitment: hash.toLowerCase(), ...signing }],
    ['claim', signing],
    ['claim --stacks 1,2,3 --units 4,5,6', { stacks: [1n, 2n, 3n], units: [4n, 5n, 6n], ...signing }],
    [`transfer --coin network --amount 1 --to ${address}`, { coin: 'network', amount: 1n, to: address, ...signing }],
  ])('%s', (line, options) => {
    expect(parsed(line).options).toEqual(options);
  });

  it('takes the common flags anywhere', () => {
    const flags = { json: true, network: 'n.json', dataDir: '/d', passphraseFile: '/p' };
    expect(parsed('--json --data-dir /d status --network n.json --passphrase-file /p').flags).toEqual(flags);
    expect(parsed('leave --json status --data-dir=/d --network n.json --passphrase-file /p').flags).toEqual(flags);
    expect(parsed('status').flags).toEqual({ json: false, network: null, dataDir: null, passphraseFile: null });
  });
});

describe('what is refused', () => {
  it.each([
    ['bogus', 'unknown command'],
    ['task', 'task create, task deprecate, task remove'],
    ['task bogus', 'unknown command'],
    ['transfer --coin SUI', '--amount'],
    ['transfer --coin BTC --amount 1 --to 0x1', '--coin'],
    ['transfer --coin SUI --amount 1.5 --to 0x1', '--amount must be a whole number'],
    ['transfer --coin SUI --amount -1 --to 0x1', '--amount'],
    ['transfer --coin SUI --amount 1e9 --to 0x1', '--amount'],
    ['transfer --coin SUI --amount 007 --to 0x1', '--amount'],
    [`faucet --amount ${parkedPrice + 1n}`, 'larger than 2^64 - 1'],
    ['faucet --amount', 'argument missing'],
    [`transfer --coin SUI --amount 1 --to ${address}ff`, '--to'],
    ['subscribe --price 1', '--task'],
    ['subscribe --task x --price 1', '--task'],
    ['task create --role singing', '--role must be one of chat'],
    ['task create --role 8', '--role'],
    ['task create --role chat --security maximum', '--security'],
    ['task create --role chat --min-reputation 101', '--min-reputation must be from 0 to 100'],
    ['attest --stack 7 --root 1234', '--root must be 32 bytes'],
    [`dispute --stack 7 --commitment ${'zz'.repeat(32)}`, '--commitment'],
    ['claim --stacks 1,,2', '--stacks'],
    [`claim --stacks ${Array.from({ length: 51 }, (_, index) => index).join(',')}`, '--stacks'],
    ['jobs --limit 0', '--limit'],
    ['jobs --limit 501', '--limit'],
    ['jobs --stage nowhere', '--stage'],
    ['logs --level loud', '--level'],
    ['drain --timeout -5', '--timeout'],
    ['status --port 1', '--port'],
  ])('%s', (line, why) => {
    try {
      parsed(line);
      expect.unreachable();
    } catch (error) {
      expect(error).toMatchObject({ code: 'host.bad_flag' });
      expect((error as AppError).message).toContain(why);
      expect((error as AppError).message).not.toContain('\n');
    }
  });
});

describe('commandArgs', () => {
  it('knows every flag of the entries that takes a value', () => expect([...withValue].toSorted()).toEqual([...flagsWithValue].toSorted()));
  const names = allVerbs.map(({ name }) => name);
  it.each<[string, string | null]>([
    ['', null],
    ['--port 4100 --fresh', null],
    ['--network status --data-dir /d', null],
    ['--passphrase-file task', null],
    ['--listen 0.0.0.0 --tls-cert /c --tls-key /k --allow-host rig.example --secure-port 4101 --port 4100', null],
    ['status', 'status'],
    ['--data-dir /d status --json', '--data-dir /d status --json'],
    ['--network=n.json leave start', '--network=n.json leave start'],
    ['stray', 'stray'],
    ['--help', '--help'],
    ['help', 'help'],
  ])('headless: "%s"', (line, expected) => {
    expect(commandArgs(words(line), names)).toEqual(expected === null ? null : words(expected));
  });
  it.each<[string, string | null]>([
    ['', null],
    ['/app --data-dir /d', null],
    ['--no-sandbox /app --disable-gpu', null],
    ['stray', null],
    ['--help', null],
    ['--no-sandbox /app status --json', 'status --json'],
    ['--no-sandbox /app --data-dir /d --json leave status', '--data-dir /d --json leave status'],
  ])('desktop: "%s"', (line, expected) => {
    expect(commandArgs(words(line), names, { lenient: true })).toEqual(expected === null ? null : words(expected));
  });
});

describe('exit codes', () => {
  it('are one for each kind of error, and none of them means success', () => {
    for (const code of Object.keys(errorTable) as ErrorCode[]) expect(exitCodeOf(code)).toBeGreaterThan(0);
    expect(new Set(Object.values(exitCodes)).size).toBe(Object.keys(exitCodes).length);
    expect([exitCodeOf('host.bad_flag'), exitCodeOf('chain.aborted'), exitCodeOf('chain.unreachable'), exitCodeOf('chain.in_doubt'), exitCodeOf('keys.missing'), exitCodeOf('bug.unexpected')]).toEqual([2, 3, 4, 5, 6, 1]);
  });
});
