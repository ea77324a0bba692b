/** Composes the command line for both entries: the running console through its passage, else the node opened for one verb under the folder's lock (decision 0013). */
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Writable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { AppError } from '../src-shared/errors.ts';
import { askPassphrase } from './cli/ask-passphrase.ts';
import { callsOver, type ConsoleDoor } from './cli/console-door.ts';
import { openPassageDoor } from './cli/passage-door.ts';
import { runCommand, type OpenRequest } from './cli/run-command.ts';
import { allVerbs } from './cli/verbs/all-verbs.ts';
import { consolePaths } from './host/console-paths.ts';
import { keyLockFolder, readPassphrase, readProfile, readVersion } from './host/flags.ts';
import { startConsole } from './host/start-console.ts';
import type { Keychain } from './keys/vault.ts';
import type { ConsoleNode } from './console-node.ts';
import { createNode } from './node.ts';
import type { NodeOptions } from './node/node-parts.ts';
import { readControlFile } from './platform/control-file.ts';
import type { SpawnChild } from './platform/processes.ts';

/** What differs between the entries. */
export type CommandLineHost = {
  host: NodeOptions['host'];
  /** Version of Electron, or null. */
  electron: string | null;
  /** The entry's file, beside which the other parts lie. */
  entryFile: string;
  /** Data folder when none is named. */
  dataDir: string;
  keychain: Keychain | null;
  spawn: SpawnChild;
  /** Longest wait for a folder that another verb or a starting console has just taken; five seconds when left out. */
  patienceMs?: number;
};

/** Names of all verbs, by which an entry tells a command line from a start. */
export const verbNames: readonly string[] = allVerbs.map(({ name }) => name);

const defaultPatienceMs = 5_000;
const retryMs = 100;

/** Where a command line reads and writes: the process's own streams, except in tests. */
export type CommandLineStreams = { stdout: Writable; stderr: Writable };

/** Runs one command line; resolves with the exit code. */
export function runCommandLine(args: readonly string[], host: CommandLineHost, { stdout, stderr }: CommandLineStreams = process): Promise<number> {
  return runCommand(args, {
    verbs: allVerbs,
    open: (request) => openDoor(request, host),
    passphrase: async (file) => (file === null ? askPassphrase({ stdin: process.stdin, prompt: stderr }) : readPassphrase(resolve(file))),
    readLogLines: (dataDir, limit) => readLogLines(folderOf(dataDir, host), limit),
    stdout,
    stderr,
    sleep: (ms) => sleep(ms),
    now: Date.now,
  });
}

const folderOf = (given: string | null, { dataDir }: CommandLineHost): string => (given === null ? dataDir : resolve(given));

/** The running console's door, or one of our own; the folder's lock decides which. */
async function openDoor(request: OpenRequest, host: CommandLineHost): Promise<ConsoleDoor> {
  const folder = folderOf(request.dataDir, host);
  const untilMs = Date.now() + (host.patienceMs ?? defaultPatienceMs);
  for (;;) {
    const control = readControlFile(folder);
    if (control !== null) return openRunning(control, request);
    if (!existsSync(join(folder, 'console.db'))) throw new AppError('host.no_console', { folder });
    if (request.needs === 'console') throw new AppError('host.needs_console', { folder });
    try {
      return await openOwn(request, folder, host);
    } catch (caught) {
      // A console that starts has the folder before it has a passage; another verb gives the folder back in a moment.
      if (!(caught instanceof AppError) || caught.code !== 'store.in_use' || Date.now() > untilMs) throw caught;
      await sleep(retryMs);
    }
  }
}

async function openRunning(control: { port: number; token: string }, { network }: OpenRequest): Promise<ConsoleDoor> {
  const door = await openPassageDoor(control);
  if (network === null) return door;
  const expected = isFile(network) ? readProfile(resolve(network)).id : network;
  const found = (await callsOver(door)('settings.get', {})).network.id;
  if (found !== expected) throw new AppError('host.other_network', { found, expected });
  return door;
}

const isFile = (network: string): boolean => network.endsWith('.json') || network.includes('/') || network.includes('\\');

/** Opens the node for one verb: the folder is locked, the log goes to its file, nothing is served. */
async function openOwn({ needs, network, passphrase }: OpenRequest, folder: string, host: CommandLineHost): Promise<ConsoleDoor> {
  const paths = consolePaths(host.entryFile);
  const fixedNetwork = network !== null && isFile(network) ? readProfile(resolve(network)) : null;
  const wanted = needs === 'folder' ? 'none' : network === null || fixedNetwork !== null ? 'chosen' : { id: network };
  let opened: ConsoleNode | null = null;
  const running = await startConsole(
    { dataDir: folder, sandboxModule: paths.sandboxModule, fresh: false, passage: false },
    {
      createNode: async (parts) => {
        opened = await createNode(
          {
            dataDir: folder,
            version: readVersion(paths.packageFile),
            host: host.host,
            electron: host.electron,
            fixedNetwork,
            ...(needs === 'folder' ? {} : { keyLockFolder: keyLockFolder(process.platform, process.env) }),
            modelRoots: [paths.modelsDir, join(folder, 'models')],
            inferenceModule: paths.inferenceModule,
            command: { network: wanted },
          },
          { ...parts, spawn: host.spawn, keychain: host.keychain },
        );
        return opened;
      },
      openSecurePage: async () => ({ url: null }),
      onFatal: () => undefined, // the call that met it is refused with it
    },
  );
  const node = opened as ConsoleNode | null;
  if (node === null) throw new AppError('bug.unexpected', { detail: 'a console without its node' });
  const close = (): Promise<void> => running.stop('now');
  try {
    if (needs !== 'folder') await openKeys(node, needs, passphrase);
  } catch (error) {
    await close();
    throw error;
  }
  const { command } = node;
  return { running: false, confirmedBy: command.confirmedBy(), ask: running.dispatch, approve: command.approve, decline: async (id) => command.decline(id), close };
}

/** Opens the keys as far as the verb needs them, and reads the chain with them. */
async function openKeys(node: ConsoleNode, needs: OpenRequest['needs'], passphrase: OpenRequest['passphrase']): Promise<void> {
  const { exists, unlocked } = await node.handlers['keys.get']({});
  if (exists && !unlocked && passphrase !== null) await node.secure.unlock(await passphrase());
  if (needs === 'open_keys' && !node.secure.keys().unlocked) return;
  await node.command.readChain();
}

/** Newest lines first, of the file in use and the one before it; what is no JSON is left out. */
function readLogLines(folder: string, limit: number): unknown[] {
  const lines = ['console.1.log', 'console.log'].flatMap((name) => {
    const path = join(folder, 'logs', name);
    return existsSync(path) ? readFileSync(path, 'utf8').split('\n') : [];
  });
  return lines.reverse().slice(0, limit).flatMap((line) => {
    try {
      return [JSON.parse(line) as unknown];
    } catch {
      return []; // a line cut short by a crash
    }
  });
}
