/** Entry of the sandbox process: flags, lock, start, the line that others attach by, signals (architecture.md: entries hold no logic). */
import { randomBytes } from 'node:crypto';
import { realpathSync, rmSync } from 'node:fs';
import { dirname, extname, join, resolve } from 'node:path';
import { toAppError } from '../../src-shared/errors.ts';
import { createLogger } from '../log/logger.ts';
import { lockDataFolder } from '../platform/files.ts';
import { connectParent, forkChild } from '../platform/processes.ts';
import { createSandbox, type Sandbox, type SandboxInfo } from './create-sandbox.ts';
import { parseSandboxFlags, usage, type SandboxFlags } from './flags.ts';
import { defaultTasks } from './offered-tasks.ts';
import { peerFolder } from './peer/open-peer.ts';
import { realSchedule } from './schedule.ts';

const databases = ['chain', 'coordinator', 'sandbox'].flatMap((name) => ['', '-wal', '-shm'].map((suffix) => `${name}.sqlite${suffix}`));

/** The prompts that come with the model, beside the source tree or the build. */
const bundledPrompts = (): string => join(dirname(realpathSync(process.argv[1] ?? '.')), '..', '..', 'resources', 'models', 'sandbox', 'tiny-chat', 'eval.jsonl');

/** The second node's module that comes with this one: in the source tree one folder up, in the build beside it. */
const bundledSecondNode = (): string => {
  const entry = realpathSync(process.argv[1] ?? '.');
  return extname(entry) === '.ts' ? join(dirname(entry), '..', 'second-node.ts') : join(dirname(entry), 'second-node.cjs');
};

const describe = (info: SandboxInfo): string =>
  [`Sandbox network is running.`, `  chain (gRPC-web)  ${info.grpcUrl}`, `  coordinator       ${info.coordinatorUrl}`, `  control API       ${info.controlUrl}`, `Stop with Ctrl+C.`, ''].join('\n');

async function start(flags: SandboxFlags): Promise<{ sandbox: Sandbox; release: () => void }> {
  const dataDir = resolve(flags['data-dir']);
  // The folder is claimed before anything in it is removed or opened.
  const lock = lockDataFolder(dataDir);
  try {
    if (flags.fresh) {
      databases.forEach((name) => rmSync(join(dataDir, name), { force: true }));
      // Its keys open with a passphrase that has just gone.
      rmSync(join(dataDir, peerFolder), { recursive: true, force: true });
    }
    const log = createLogger({ level: 'warn', write: (line) => process.stderr.write(line), now: Date.now });
    const asked = { grpcPort: flags.port, linkPort: flags['link-port'], controlPort: flags['control-port'], heartbeatIntervalMs: flags['heartbeat-ms'] };
    const given = Object.fromEntries(Object.entries(asked).filter(([, value]) => value !== undefined));
    const sandbox = await createSandbox(
      {
        dataDir,
        ...given,
        ...(flags.generation === undefined ? {} : { generation: flags.generation === 'g1' ? 'G1' : 'G2' }),
        ...(flags['epoch-ms'] === undefined ? {} : { epochLengthMs: flags['epoch-ms'] === 0 ? null : flags['epoch-ms'] }),
        ...(flags['seed-demand'] === undefined ? {} : { seedDemand: flags['seed-demand'] === 'on' }),
        allRoles: flags['all-roles'],
        ...(flags['task-model'] === undefined ? {} : { tasks: [...defaultTasks, { modelName: flags['task-model'] }] }),
        promptsFile: flags.prompts ?? bundledPrompts(),
      },
      { now: Date.now, random: () => randomBytes(32), schedule: realSchedule, log, secondNode: { module: flags['second-node'] ?? bundledSecondNode(), spawn: forkChild } },
    );
    return { sandbox, release: () => lock.release() };
  } catch (error) {
    lock.release();
    throw error;
  }
}

async function run(): Promise<void> {
  const flags = parseSandboxFlags(process.argv.slice(2));
  if (flags.help) return void process.stdout.write(usage);
  let running: { sandbox: Sandbox; release: () => void } | null = null;
  let ending = false;
  const end = async (): Promise<void> => {
    if (ending) return process.exit(1);
    ending = true;
    await running?.sandbox.stop();
    running?.release();
    process.exit(0);
  };
  const endOnSignal = (): void => void end().catch(fail);
  process.on('SIGINT', endOnSignal);
  process.on('SIGTERM', endOnSignal);
  const parent = process.send !== undefined || 'parentPort' in process ? connectParent() : null;
  if (flags.parent) parent?.onClose(endOnSignal);
  running = await start(flags);
  if (flags.json) process.stdout.write(`${JSON.stringify(running.sandbox.info)}\n`);
  // A parent is told by message; its own output stays its own.
  else if (parent === null) process.stdout.write(describe(running.sandbox.info));
  parent?.send({ kind: 'ready', profile: running.sandbox.profile });
}

function fail(error: unknown): void {
  const known = error instanceof Error && !('code' in error && error.code === 'bug.unexpected') ? error : toAppError(error);
  process.stderr.write(`${known.message}\n`);
  process.exit(1);
}

run().catch(fail);
