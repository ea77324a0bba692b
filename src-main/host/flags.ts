/** Reads the command line of both entries and the files it names (issue: "the node takes any network as a profile file and any --data-dir"). */
import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { networkProfileSchema, type NetworkProfile } from '../../src-shared/domain/network-profile.ts';
import { AppError } from '../../src-shared/errors.ts';
import { modeBeyond } from '../platform/files.ts';
import type { TlsFlags } from './tls-listening.ts';

/** What the command line said; null for what it did not say. */
export type Flags = {
  networkFile: string | null;
  dataDir: string | null;
  /** Start the embedded network anew. */
  fresh: boolean;
  /** Desktop only: start in the tray, as at login. */
  hidden: boolean;
  /** Headless only; 0 lets the system choose. */
  port: number;
  /** Headless only: the keys are unlocked with this file's first line at start. */
  passphraseFile: string | null;
  /** Headless only: listening for other machines over TLS. */
  tls: TlsFlags;
};

const known = {
  network: { type: 'string' },
  'data-dir': { type: 'string' },
  fresh: { type: 'boolean' },
  hidden: { type: 'boolean' },
  // The desktop application serves browsers with it (main.ts); the headless entry does nothing else.
  headless: { type: 'boolean' },
  port: { type: 'string' },
  'passphrase-file': { type: 'string' },
  listen: { type: 'string' },
  'tls-cert': { type: 'string' },
  'tls-key': { type: 'string' },
  'allow-host': { type: 'string' },
  'secure-port': { type: 'string' },
} as const;

/** The flags that take a value, as they are written. */
export const flagsWithValue: readonly string[] = Object.entries(known).flatMap(([name, { type }]) => (type === 'string' ? [`--${name}`] : []));

/**
 * Parses arguments without program and script. With `lenient`, unknown ones are passed over: Electron's command line also carries Chromium's.
 * @throws AppError host.bad_flag.
 */
export function parseFlags(args: readonly string[], { lenient = false } = {}): Flags {
  const values = parse(args, lenient);
  const path = (name: 'network' | 'data-dir' | 'passphrase-file' | 'tls-cert' | 'tls-key'): string | null => {
    const value = values[name];
    if (value === undefined) return null;
    if (typeof value !== 'string' || value === '') throw new AppError('host.bad_flag', { detail: `--${name} needs a path` });
    return resolve(value);
  };
  const text = (name: 'listen' | 'allow-host'): string | null => {
    const value = values[name];
    if (value === '') throw new AppError('host.bad_flag', { detail: `--${name} needs a value` });
    return typeof value === 'string' ? value : null;
  };
  return {
    networkFile: path('network'),
    dataDir: path('data-dir'),
    fresh: values.fresh === true,
    hidden: values.hidden === true,
    port: portOf(values.port),
    passphraseFile: path('passphrase-file'),
    tls: { listen: text('listen'), tlsCert: path('tls-cert'), tlsKey: path('tls-key'), allowHost: text('allow-host'), securePort: values['secure-port'] === undefined ? null : portOf(values['secure-port']) },
  };
}

function parse(args: readonly string[], lenient: boolean): Partial<Record<keyof typeof known, string | boolean>> {
  try {
    return parseArgs({ args: [...args], options: known, strict: !lenient, allowPositionals: lenient }).values;
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error);
    throw new AppError('host.bad_flag', { detail }, { cause: error });
  }
}

function portOf(text: string | boolean | undefined): number {
  if (text === undefined) return 0;
  const port = typeof text === 'string' && /^\d{1,5}$/.test(text) ? Number(text) : -1;
  if (port < 0 || port > 65_535) throw new AppError('host.bad_flag', { detail: '--port needs a number up to 65535' });
  return port;
}

/** Reads a network profile. @throws AppError network.bad_profile. */
export function readProfile(file: string): NetworkProfile {
  try {
    return networkProfileSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch (error) {
    const detail = error instanceof Error ? error.message.replace(/\s+/g, ' ').slice(0, 300) : String(error);
    throw new AppError('network.bad_profile', { detail: `${file}: ${detail}` }, { cause: error });
  }
}

/** First line of a passphrase file. @throws AppError keys.too_open when others can read it, host.bad_flag when nobody can. */
export function readPassphrase(file: string): string {
  if (modeBeyond(file, 0o700) !== 0) throw new AppError('keys.too_open', { command: `chmod 600 ${file}` });
  try {
    return readFileSync(file, 'utf8').split(/\r?\n/)[0] ?? '';
  } catch (error) {
    throw new AppError('host.bad_flag', { detail: `--passphrase-file ${file} cannot be read` }, { cause: error });
  }
}

/** Version of the console, from its package.json. */
export function readVersion(packageFile: string): string {
  const content: unknown = JSON.parse(readFileSync(packageFile, 'utf8'));
  const version = typeof content === 'object' && content !== null && 'version' in content ? content.version : null;
  return typeof version === 'string' ? version : '0.0.0';
}

/** Data folder of the headless host when none is named, by the customs of the system. */
export function defaultDataDir(platform: NodeJS.Platform, env: NodeJS.ProcessEnv): string {
  const name = 'operator-console';
  if (platform === 'win32') return join(env['APPDATA'] ?? join(homedir(), 'AppData', 'Roaming'), name);
  if (platform === 'darwin') return join(homedir(), 'Library', 'Application Support', name);
  return join(env['XDG_DATA_HOME'] ?? join(homedir(), '.local', 'share'), name);
}

/** Where all consoles of this user say whose key they work with, whatever their data folders. */
export const keyLockFolder = (platform: NodeJS.Platform, env: NodeJS.ProcessEnv): string => join(defaultDataDir(platform, env), 'keys-in-use');
