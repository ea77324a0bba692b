/** Entry of the headless host: the console on loopback, for rigs and tests (architecture.md: entries choose host, paths and signals; no logic). */
import { realpathSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { toAppError, type AppError } from '../src-shared/errors.ts';
import { commandArgs } from './cli/command-args.ts';
import { runCommandLine, verbNames } from './command-line.ts';
import { consolePaths } from './host/console-paths.ts';
import { fatalText } from './host/fatal-text.ts';
import { defaultDataDir, keyLockFolder, parseFlags, readPassphrase, readProfile, readVersion } from './host/flags.ts';
import { startLoopbackHost, type LoopbackHost } from './host/loopback-host.ts';
import { readTlsListening } from './host/tls-listening.ts';
import { createRendererFiles } from './host/renderer-files.ts';
import { startConsole, watchProcess } from './host/start-console.ts';
import { createStopGuard } from './host/stop-guard.ts';
import type { BegunKey } from './keys/sealed-file.ts';
import { createNode } from './node.ts';
import { writeFileAtomically } from './platform/files.ts';
import { forkChild, type SpawnChild } from './platform/processes.ts';

/** The program that serves: Node with this entry, or the desktop application without its window. */
export type Program = {
  /** Beside it lie the other parts. */
  entryFile: string;
  /** Version of Electron, or null. */
  electron: string | null;
  /** Its command line carries more than our own flags. */
  lenient: boolean;
  spawn: SpawnChild;
  exit(code: number): void;
};

const endIn = ({ exit }: Program) => (error: AppError): void => {
  process.stderr.write(fatalText(error));
  exit(1);
};

/** One verb of the command line, then the end of this process. */
async function runVerb(args: readonly string[], { entryFile, electron, spawn, exit }: Program): Promise<void> {
  const code = await runCommandLine(args, { host: 'headless', electron, entryFile, dataDir: defaultDataDir(process.platform, process.env), keychain: null, spawn });
  process.stdout.write('', () => exit(code));
}

async function run(args: readonly string[], begunKey: BegunKey | null, program: Program): Promise<void> {
  const endWith = endIn(program);
  const flags = parseFlags(args, program);
  const tls = readTlsListening(flags.tls, flags.port);
  const paths = consolePaths(program.entryFile);
  const dataDir = flags.dataDir ?? defaultDataDir(process.platform, process.env);
  const fixedNetwork = flags.networkFile === null ? null : readProfile(flags.networkFile);
  const passphrase = flags.passphraseFile === null ? null : readPassphrase(flags.passphraseFile);
  const files = createRendererFiles(paths.rendererDir);
  const linkFile = join(dataDir, 'console-link');
  let host: LoopbackHost | null = null;

  const running = await startConsole(
    { dataDir, sandboxModule: paths.sandboxModule, secondNodeModule: paths.secondNodeModule, fresh: flags.fresh, passage: true },
    {
      createNode: (parts) =>
        createNode(
          {
            dataDir,
            version: readVersion(paths.packageFile),
            host: 'headless',
            electron: program.electron,
            fixedNetwork,
            keyLockFolder: keyLockFolder(process.platform, process.env),
            modelRoots: [paths.modelsDir, join(dataDir, 'models')],
            inferenceModule: paths.inferenceModule,
            wasmModule: paths.wasmModule,
            passphrase,
            begunKey,
          },
          { ...parts, spawn: program.spawn, keychain: null },
        ),
      openSecurePage: async (token) => ({ url: host?.secureUrl(token) ?? null }),
      onFatal: endWith,
    },
  );
  const { node, log } = running;
  watchProcess(log, endWith);
  const guard = createStopGuard({
    running: () => node.running(),
    ask: async () => 'finish',
    stop: async (mode) => {
      if (mode === 'finish' && node.running() > 0) console.log(`Finishing ${node.running()} running requests. Press Ctrl-C again to stop now.`);
      await running.stop(mode);
      await host?.close();
      await rm(linkFile, { force: true });
    },
    exit: (error) => (error === null ? program.exit(0) : endWith(toAppError(error))),
  });
  process.on('SIGINT', () => void guard.signal());
  process.on('SIGTERM', () => void guard.signal());

  host = await startLoopbackHost(
    { port: flags.port, tls },
    { ...running, onTopic: node.onTopic, files, keepLink: (url) => writeFileAtomically(linkFile, Buffer.from(`${url}\n`)) },
  );
  log.info('host.listening', { port: host.port });
  console.log(`Open the console once with this link: ${host.link}`);
  console.log(`The next unused link is always in ${linkFile}`);
}

const nodeProgram = (): Program => ({ entryFile: realpathSync(process.argv[1] ?? ''), electron: null, lenient: false, spawn: forkChild, exit: (code) => process.exit(code) });

/** Starts the console, or runs one verb. Never throws: what goes wrong is written, and ends the process. */
export function startHeadless(args: readonly string[], begunKey: BegunKey | null, program: Program = nodeProgram()): void {
  const own = args.filter((arg) => arg !== '--headless');
  const verb = commandArgs(own, verbNames, program);
  (verb === null ? run(own, begunKey, program) : runVerb(verb, program)).catch((error: unknown) => endIn(program)(toAppError(error)));
}

// A parent that started this process and went away (npm, a test) takes its console's output with it; the node goes on.
process.stdout.on('error', () => undefined);
