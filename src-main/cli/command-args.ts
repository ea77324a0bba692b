/** Tells a command line with a verb from one that starts the console (decision 0013: without a verb the entries behave as before). */

/** Flags of the entries that take a value; the word behind one is no verb. */
export const withValue: readonly string[] = ['--network', '--data-dir', '--passphrase-file', '--port', '--listen', '--tls-cert', '--tls-key', '--allow-host', '--secure-port'];
const help = ['help', '--help', '-h'];

/**
 * The arguments of a verb, or null when the console itself is to be started. Strict: any word that is no flag is meant as a verb, and asking for help is one.
 * Lenient, for Electron whose command line also carries the application's path and Chromium's switches: only the first word of a known verb is,
 * and before it only our own flags are kept.
 */
export function commandArgs(args: readonly string[], verbs: readonly string[], { lenient = false } = {}): string[] | null {
  const words = [...new Set(verbs.map((name) => name.split(' ')[0] ?? name)), 'help'];
  const own: string[] = [];
  for (let at = 0; at < args.length; at += 1) {
    const arg = args[at] ?? '';
    const isOurs = arg === '--json' || withValue.some((flag) => arg === flag || arg.startsWith(`${flag}=`));
    if (withValue.includes(arg)) {
      own.push(arg, ...args.slice(at + 1, at + 2));
      at += 1;
    } else if (isOurs) own.push(arg);
    else if (lenient ? words.includes(arg) : help.includes(arg) || !arg.startsWith('-')) return lenient ? [...own, ...args.slice(at)] : [...args];
  }
  return null;
}
