/** Reads the arguments of `npm run bench -- [--json FILE] [--only NAME[,NAME]]`. */

/** What was asked for; `only` null means everything. */
export type BenchArguments = { jsonFile: string | null; only: readonly string[] | null };

/** Parses `args`; a text is the reason why they cannot be read. `names` are the benchmarks there are. */
export function readArguments(args: readonly string[], names: readonly string[]): BenchArguments | string {
  const given: { jsonFile: string | null; only: readonly string[] | null } = { jsonFile: null, only: null };
  for (let index = 0; index < args.length; index += 2) {
    const [flag, value] = [args[index], args[index + 1]];
    if (flag !== '--json' && flag !== '--only') return `unknown argument ${flag}`;
    if (value === undefined || value.startsWith('--')) return `${flag} needs a value`;
    if (flag === '--json') given.jsonFile = value;
    else given.only = value.split(',');
  }
  const unknown = given.only?.find((name) => !names.includes(name));
  return unknown === undefined ? given : `there is no benchmark ${unknown}; there are ${names.join(', ')}`;
}
