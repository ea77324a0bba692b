/** Entry of the sandbox's second node: the console's own node in a process of its own, without a screen, driven by the sandbox alone (issue: "a second, independent node … by the fault switch"). */
import { randomInt } from 'node:crypto';
import { realpathSync } from 'node:fs';
import { constants, setPriority } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { AppError, toAppError } from '../src-shared/errors.ts';
import { consolePaths } from './host/console-paths.ts';
import { readVersion } from './host/flags.ts';
import { openLogFile } from './host/log-file.ts';
import { createLogger, type Logger } from './log/logger.ts';
import type { ConsoleNode } from './console-node.ts';
import { createNode } from './node.ts';
import { lockDataFolder } from './platform/files.ts';
import { connectParent, forkChild } from './platform/processes.ts';
import { alterInference } from './sandbox/peer/altered-inference.ts';
import { drivePeer, type PeerDriver } from './sandbox/peer/drive-peer.ts';
import { toPeerSchema, type FromPeer, type ToPeer } from './sandbox/peer/messages.ts';
import { realSchedule } from './sandbox/schedule.ts';

const stopGraceMs = 5_000;

type Begin = Extract<ToPeer, { kind: 'begin' }>;

function endWith(error: unknown): never {
  process.stderr.write(`second node: ${toAppError(error).message}\n`);
  process.exit(1);
}

/** The node of this folder on the sandbox's network; its keys open with the passphrase, its switch is `isWrong`. */
async function openNode(dataDir: string, begin: Begin, log: Logger, isWrong: () => boolean): Promise<ConsoleNode> {
  const paths = consolePaths(realpathSync(process.argv[1] ?? ''));
  return createNode(
    { dataDir, version: readVersion(paths.packageFile), host: 'headless', electron: null, fixedNetwork: begin.profile, modelRoots: [paths.modelsDir], inferenceModule: paths.inferenceModule, wasmModule: paths.wasmModule, passphrase: begin.passphrase },
    {
      spawn: forkChild,
      keychain: null,
      startSandbox: async () => {
        throw new AppError('network.sandbox_failed', { detail: 'the second node joins the network that started it' });
      },
      openSecurePage: async () => ({ url: null }),
      log,
      logRing: () => [],
      now: Date.now,
      random: () => randomInt(2 ** 32) / 2 ** 32,
      onFatal: endWith,
      decorateInference: (inference) => alterInference(inference, isWrong),
    },
  );
}

async function run(): Promise<void> {
  const { values } = parseArgs({ options: { 'data-dir': { type: 'string' } }, strict: true });
  const dataDir = resolve(values['data-dir'] ?? '.');
  // The operator's own node comes first on this machine.
  setPriority(constants.priority.PRIORITY_BELOW_NORMAL);
  const lock = lockDataFolder(dataDir);
  const file = openLogFile(join(dataDir, 'logs'), { onFailure: (error) => process.stderr.write(`second node: its log cannot be written: ${String(error)}\n`) });
  const log = createLogger({ level: 'info', write: file.write, now: Date.now });
  const parent = connectParent();
  const send = (status: Omit<FromPeer, 'kind'>): void => parent.send({ kind: 'status', ...status } satisfies FromPeer);

  let opened: Promise<{ node: ConsoleNode; driver: PeerDriver }> | null = null;
  let isWrong = false;
  const begin = async (message: Begin): Promise<{ node: ConsoleNode; driver: PeerDriver }> => {
    isWrong = message.mode === 'wrong';
    const node = await openNode(dataDir, message, log, () => isWrong);
    const { passphrase, taskSmallId, mode } = message;
    return { node, driver: drivePeer({ passphrase, taskSmallId, mode }, node, { report: send, schedule: realSchedule, log }) };
  };
  const stop = async (park: boolean): Promise<void> => {
    // What does not end by itself, ends here; every durable state is a row.
    if (!park) setTimeout(() => process.exit(0), stopGraceMs).unref();
    const running = await opened;
    if (park) await running?.driver.park().catch((error: unknown) => log.warn('second_node.not_parked', { error }));
    running?.driver.stop();
    await running?.node.stop(park ? 'finish' : 'now');
    lock.release();
    process.exit(0);
  };
  parent.onClose(() => void stop(false).catch(endWith));
  parent.onMessage((raw) => {
    const parsed = toPeerSchema.safeParse(raw);
    if (!parsed.success) return log.warn('second_node.bad_message', {});
    const message = parsed.data;
    if (message.kind === 'begin') {
      opened ??= begin(message);
      opened.catch(endWith);
    } else if (message.kind === 'mode') {
      isWrong = message.mode === 'wrong';
      void opened?.then(({ driver }) => driver.setMode(message.mode));
    } else void stop(message.park).catch(endWith);
  });
}

run().catch(endWith);
