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
import { forkChild } from './platform/processes.ts';

function endWith(error: AppError): void {
  process.stderr.write(fatalText(error));
  process.exit(1);
}

/** One verb of the command line, then the end of this process. */
async function runVerb(args: readonly string[]): Promise<void> {
  const entryFile = realpathSync(process.argv[1] ?? '');
  const code = await runCommandLine(args, { host: 'headless', electron: null, entryFile, dataDir: defaultDataDir(process.platform, process.env), keychain: null, spawn: forkChild });
  process.stdout.write('', () => process.exit(code));
}

async function run(args: readonly string[], begunKey: BegunKey | null): Promise<void> {
  const flags = parseFlags(args);
  const tls = readTlsListening(flags.tls, flags.port);
  const paths = consolePaths(realpathSync(process.argv[1] ?? ''));
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
            electron: null,
            fixedNetwork,
            keyLockFolder: keyLockFolder(process.platform, process.env),
            modelRoots: [paths.modelsDir, join(dataDir, 'models')],
            inferenceModule: paths.inferenceModule,
            wasmModule: paths.wasmModule,
            passphrase,
            begunKey,
          },
          { ...parts, spawn: forkChild, keychain: null },
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
    exit: (error) => (error === null ? process.exit(0) : endWith(toAppError(error))),
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

/** Starts the console, or runs one verb. Never throws: what goes wrong is written, and ends the process. */
export function startHeadless(args: readonly string[], begunKey: BegunKey | null): void {
  const verb = commandArgs(args, verbNames);
  (verb === null ? run(args, begunKey) : runVerb(verb)).catch((error: unknown) => endWith(toAppError(error)));
}

// A parent that started this process and went away (npm, a test) takes its console's output with it; the node goes on.
process.stdout.on('error', () => undefined);
