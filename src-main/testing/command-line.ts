/** The command line on a real sandbox, for tests: runs verbs in this process and keeps what they print; with or without a console running on the folder. */
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { SuiGrpcClient } from '@mysten/sui/grpc';
import type { Generation, NetworkProfile } from '../../src-shared/domain/network-profile.ts';
import { runCommandLine } from '../command-line.ts';
import { startConsole, type RunningConsole } from '../host/start-console.ts';
import { createNode } from '../node.ts';
import { forkChild } from '../platform/processes.ts';
import { kept } from './kept.ts';
import { announcedBy, makeVault, markStarted, openSandbox, passphrase, until } from './whole-node.ts';

/** How a verb ended. `json` is the document on stdout, or null when it is none. */
export type Ended = { code: number; stdout: string; stderr: string; json: unknown };

const root = resolve(import.meta.dirname, '../..');
const entryFile = join(root, 'src-main/headless.ts');

/** A sandbox, a set-up data folder with keys, and the command line on it. */
export async function openBench(generation: Generation = 'G1') {
  const folder = mkdtempSync(join(tmpdir(), 'command-'));
  const dataDir = join(folder, 'data');
  const sandbox = await openSandbox(join(folder, 'sandbox'), generation);
  const file = (name: string, content: string): string => {
    const path = join(folder, name);
    writeFileSync(path, content, { mode: 0o600 });
    return path;
  };
  const passphraseFile = file('passphrase', `${passphrase}\n`);
  const networkFile = file('network.json', JSON.stringify(sandbox.profile));
  await makeVault(dataDir);
  markStarted(dataDir, sandbox.profile.id, { autoSettle: false, autoClaim: false });
  const chain = new SuiGrpcClient({ network: 'custom', baseUrl: sandbox.profile.endpoints[0] ?? '' });

  return {
    folder,
    dataDir,
    sandbox,
    file,
    passphraseFile,
    networkFile,
    /** Runs one verb; `bare` leaves the usual flags away. */
    async run(args: readonly string[], { bare = false, patienceMs = 5_000 } = {}): Promise<Ended> {
      const stdout = kept();
      const stderr = kept();
      const flags = bare ? [] : ['--json', '--data-dir', dataDir, '--network', networkFile, '--passphrase-file', passphraseFile];
      const host = { host: 'headless' as const, electron: null, entryFile, dataDir: join(folder, 'nowhere'), keychain: null, spawn: forkChild, patienceMs };
      const code = await runCommandLine([...args, ...flags], host, { stdout: stdout.stream, stderr: stderr.stream });
      return { code, stdout: stdout.text(), stderr: stderr.text(), json: jsonOf(stdout.text()) };
    },
    /** Starts a console on the folder, unlocked unless told otherwise. */
    startConsole: ({ profile = sandbox.profile, unlocked = true } = {}): Promise<RunningConsole> => start(dataDir, profile, unlocked),
    /** Height of the newest checkpoint: every executed transaction adds one. */
    async checkpoint(): Promise<string> {
      return String((await chain.ledgerService.getServiceInfo({})).response.checkpointHeight);
    },
    /** Lets epochs pass; ends when the last has begun. */
    async skipEpochs(epochs: number): Promise<void> {
      const target = sandbox.control.state().epoch + BigInt(epochs);
      sandbox.control.skipEpochs({ epochs });
      await until([...announcedBy(sandbox), sandbox.control.onChange], () => (sandbox.control.state().epoch >= target ? true : null));
    },
    stop: () => sandbox.stop(),
  };
}
export type Bench = Awaited<ReturnType<typeof openBench>>;

async function start(dataDir: string, profile: NetworkProfile, unlocked: boolean): Promise<RunningConsole> {
  const running = await startConsole(
    { dataDir, sandboxModule: '/none', fresh: false, passage: true },
    {
      createNode: (parts) =>
        createNode(
          { dataDir, version: '0.1.0', host: 'headless', electron: null, fixedNetwork: profile, modelRoots: [join(root, 'resources/models')], inferenceModule: join(root, 'src-main/inference/process.ts'), passphrase: unlocked ? passphrase : null },
          { ...parts, spawn: forkChild, keychain: null },
        ),
      openSecurePage: async () => ({ url: null }),
      onFatal: (error) => {
        throw error;
      },
    },
  );
  return running;
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
