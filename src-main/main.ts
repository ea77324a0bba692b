/** Entry of the desktop application (architecture.md: entries choose host, paths, signals and single instance; no logic). */
import { app, dialog } from 'electron';
import { join } from 'node:path';
import { toAppError, type AppError } from '../src-shared/errors.ts';
import { commandArgs } from './cli/command-args.ts';
import { runCommandLine, verbNames } from './command-line.ts';
import { idleAlert, nothingTold, planNotices } from './core/notify-plan.ts';
import { consolePaths } from './host/console-paths.ts';
import { deepLinkPath } from './host/deep-link.ts';
import { startDesktopShell, type DesktopShell } from './host/desktop/desktop-shell.ts';
import { askBeforeStop, renderInSoftware, spawnUtility, startElectronHost, type ElectronHost } from './host/electron-host.ts';
import { fatalText } from './host/fatal-text.ts';
import { keyLockFolder, parseFlags, readProfile } from './host/flags.ts';
import { desktopText } from './host/page-text.ts';
import { createRendererFiles } from './host/renderer-files.ts';
import { startConsole, watchProcess } from './host/start-console.ts';
import { createStopGuard } from './host/stop-guard.ts';
import { createOsKeychain } from './keys/os-keychain.ts';
import { createNode } from './node.ts';

/** Shows what to do and ends; with an error box there is always something to read. */
function endWith(error: AppError): void {
  process.stderr.write(fatalText(error));
  dialog.showErrorBox(desktopText.fatalTitle, error.message);
  app.exit(1);
}

/** One verb of the command line, without a window; beside a running console, so the single instance does not matter. */
async function runVerb(args: readonly string[]): Promise<void> {
  renderInSoftware();
  await app.whenReady();
  const dataDir = join(app.getPath('userData'), 'node');
  const code = await runCommandLine(args, { host: 'desktop', electron: process.versions.electron ?? null, entryFile: join(__dirname, 'main.cjs'), dataDir, keychain: createOsKeychain(), spawn: spawnUtility });
  process.stdout.write('', () => app.exit(code));
}

/** The same application as a rig runs it: browsers instead of a window, the sealed file instead of a keychain, the data folder of the headless host. */
async function runHeadless(args: readonly string[]): Promise<void> {
  renderInSoftware();
  await app.whenReady();
  const { startHeadless } = await import('./headless-start.ts');
  startHeadless(args, null, { entryFile: join(__dirname, 'main.cjs'), electron: process.versions.electron ?? null, lenient: true, spawn: spawnUtility, exit: (code) => app.exit(code) });
}

async function run(): Promise<void> {
  const args = process.argv.slice(1);
  const verb = commandArgs(args, verbNames, { lenient: true });
  // Electron reads this flag itself, before any of our code runs: no display is asked for.
  if (args.includes('--headless')) return runHeadless(args);
  if (verb !== null) return runVerb(verb);
  const flags = parseFlags(args, { lenient: true });
  // Chromium's own files lie beside the node's, so that one --data-dir is one console.
  if (flags.dataDir !== null) app.setPath('userData', join(flags.dataDir, 'desktop'));
  if (!app.requestSingleInstanceLock()) return app.exit(0);
  renderInSoftware();
  await app.whenReady();

  const userData = app.getPath('userData');
  const dataDir = flags.dataDir ?? join(userData, 'node');
  const paths = consolePaths(join(__dirname, 'main.cjs'));
  const fixedNetwork = flags.networkFile === null ? null : readProfile(flags.networkFile);
  const files = createRendererFiles(paths.rendererDir);
  let host: ElectronHost | null = null;

  const running = await startConsole(
    { dataDir, sandboxModule: paths.sandboxModule, secondNodeModule: paths.secondNodeModule, fresh: flags.fresh, passage: true },
    {
      createNode: (parts) =>
        createNode(
          {
            dataDir,
            version: app.getVersion(),
            host: 'desktop',
            electron: process.versions.electron ?? null,
            fixedNetwork,
            keyLockFolder: keyLockFolder(process.platform, process.env),
            modelRoots: [paths.modelsDir, join(dataDir, 'models')],
            inferenceModule: paths.inferenceModule,
            wasmModule: paths.wasmModule,
          },
          { ...parts, spawn: spawnUtility, keychain: createOsKeychain() },
        ),
      openSecurePage: async (token) => (await host?.openSecurePage(token)) ?? { url: null },
      onFatal: endWith,
    },
  );
  const { node, log } = running;
  watchProcess(log, endWith);
  const guard = createStopGuard({
    running: () => node.running(),
    ask: askBeforeStop,
    stop: async (mode) => {
      await running.stop(mode);
      await host?.close();
    },
    exit: (error) => (error === null ? app.exit(0) : endWith(toAppError(error))),
  });
  app.on('before-quit', (event) => {
    event.preventDefault();
    void guard.request();
  });
  process.on('SIGINT', () => void guard.signal());
  process.on('SIGTERM', () => void guard.signal());

  let desktop: DesktopShell | null = null;
  host = startElectronHost(
    { preload: paths.preload, icon: join(paths.iconsDir, 'linux', '256x256.png'), windowDir: join(userData, 'window') },
    { ...running, onTopic: node.onTopic, files, onCloseRequest: () => desktop?.closeWindow(), onQuitRequest: () => app.quit() },
  );
  desktop = startDesktopShell(
    { iconsDir: paths.iconsDir, loginArgs: flags.dataDir === null ? [] : ['--data-dir', flags.dataDir], startHidden: flags.hidden, startPath: deepLinkPath(process.argv) },
    { node, host, planner: { begin: nothingTold, plan: planNotices, idle: idleAlert }, onShutdown: () => void guard.signal(), log },
  );
}

run().catch((error: unknown) => endWith(toAppError(error)));
