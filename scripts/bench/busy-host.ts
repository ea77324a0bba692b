/** Entry of a child process: the headless host from the source, which pushes so many topics a second to its windows as a node with that many events would: `busy-host.ts PER_SECOND FLAGS…`. */
import { join, resolve } from 'node:path';
import type { Topic } from '../../src-shared/bridge/index.ts';
import { consolePaths } from '../../src-main/host/console-paths.ts';
import { parseFlags, readPassphrase, readProfile } from '../../src-main/host/flags.ts';
import { startLoopbackHost, type LoopbackHost } from '../../src-main/host/loopback-host.ts';
import { createRendererFiles } from '../../src-main/host/renderer-files.ts';
import { startConsole } from '../../src-main/host/start-console.ts';
import { createNode } from '../../src-main/node.ts';
import { forkChild } from '../../src-main/platform/processes.ts';

const root = resolve(import.meta.dirname, '../..');
/** What a request changes on its way, from its arrival to the ledger. */
const topics: readonly Topic[] = ['jobs', 'node', 'jobs', 'stacks', 'jobs', 'ledger', 'chain', 'logs'];
const tickMs = 10;

/** Tells topics at an even rate, whatever the timer's grain is. Never stops: the process ends with its parent. */
function pushTopics(perSecond: number, listener: (topic: Topic) => void): void {
  const startedAt = performance.now();
  let told = 0;
  setInterval(() => {
    const due = Math.floor(((performance.now() - startedAt) / 1_000) * perSecond);
    for (; told < due; told += 1) listener(topics[told % topics.length] ?? 'jobs');
  }, tickMs);
}

const [rate, ...args] = process.argv.slice(2);
const flags = parseFlags(args);
const paths = consolePaths(join(root, 'src-main', 'headless.ts'));
const dataDir = flags.dataDir ?? '';
let host: LoopbackHost | null = null;
const running = await startConsole(
  { dataDir, sandboxModule: paths.sandboxModule, fresh: false, passage: false },
  {
    createNode: (parts) =>
      createNode(
        {
          dataDir,
          version: '0.1.0',
          host: 'headless',
          electron: null,
          fixedNetwork: flags.networkFile === null ? null : readProfile(flags.networkFile),
          modelRoots: [paths.modelsDir],
          inferenceModule: paths.inferenceModule,
          passphrase: flags.passphraseFile === null ? null : readPassphrase(flags.passphraseFile),
        },
        { ...parts, spawn: forkChild, keychain: null },
      ),
    openSecurePage: async (token) => ({ url: host?.secureUrl(token) ?? null }),
    onFatal: (error) => {
      throw error;
    },
  },
);
host = await startLoopbackHost(
  { port: 0, tls: null },
  {
    ...running,
    onTopic: (listener) => {
      pushTopics(Number(rate), listener);
      return running.node.onTopic(listener);
    },
    files: createRendererFiles(join(root, 'out', 'renderer')),
    keepLink: async () => undefined,
  },
);
process.on('SIGTERM', () => void running.stop('now').finally(() => process.exit(0)));
console.log(host.link);
