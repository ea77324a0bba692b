/** What both entries share: claim the data folder, open the log, build the node, put dispatch and secure pages over it (architecture.md, "main.ts headless.ts: no logic"). */
import { randomBytes, randomInt } from 'node:crypto';
import { join } from 'node:path';
import type { Handlers, Topic } from '../../src-shared/bridge/index.ts';
import { AppError } from '../../src-shared/errors.ts';
import { createLogger, type LogEvent, type Logger } from '../log/logger.ts';
import { lockDataFolder } from '../platform/files.ts';
import { forkChild } from '../platform/processes.ts';
import { createBrowserSessions, type BrowserSessions } from './browser-sessions.ts';
import { openControlPassage, type CommandApi, type ControlPassage } from './control-passage.ts';
import { createDispatchCall, type DispatchCall } from './dispatch-call.ts';
import { openLogFile } from './log-file.ts';
import type { Readers } from './reader-routes.ts';
import { createLogRing, type LogQuery } from './log-ring.ts';
import { createSandboxStarter, type StartSandbox } from './sandbox-child.ts';
import type { SecureApi, SecurePage } from './secure-api.ts';
import { createSecurePages, type SecurePages } from './secure-pages.ts';
import { createSecureTokens } from './secure-tokens.ts';

/** The part of the node that hosts use; structurally node.ts's ConsoleNode. */
export type HostedNode = {
  handlers: Handlers;
  secure: SecureApi;
  command: CommandApi;
  /** What programs may read with a token, and how long a browser may be idle. */
  readers: Readers & { idleMs(): number };
  onTopic(listener: (topic: Topic) => void): () => void;
  /** Requests that run now. */
  running(): number;
  /** The machine slept: what was connected may be gone, and what was read is old. */
  woke(): void;
  /** `finish` lets running work end; `now` may follow it and cuts it short. */
  stop(mode: 'finish' | 'now'): Promise<void>;
};

/** What the host gives the node; structurally a part of node.ts's NodeDeps. */
export type HostParts = {
  startSandbox: StartSandbox;
  openSecurePage(page: SecurePage): Promise<{ url: string | null }>;
  log: Logger;
  logRing(query: LogQuery): LogEvent[];
  browsers: Pick<BrowserSessions, 'list' | 'end' | 'endOthers' | 'onChange'> & { served(): { address: string | null; tls: boolean; hostNames: string[] } };
  now(): number;
  /** In [0, 1). */
  random(): number;
  onFatal(error: AppError): void;
};

type Options = { dataDir: string; sandboxModule: string; /** Module of the sandbox's second node. */ secondNodeModule?: string; fresh: boolean; /** Lets the command line in; a verb that opens the node for itself does not. */ passage: boolean };
type Deps = {
  createNode(parts: HostParts): Promise<HostedNode>;
  /** Shows the secure page behind a token: null when the host opened its own window. */
  openSecurePage(token: string): Promise<{ url: string | null }>;
  /** Tells the operator what ended the console, and ends the process. */
  onFatal(error: AppError): void;
};

/** Where the console is served to browsers, and under which names over TLS. */
type Served = { address: string | null; tls: boolean; hostNames: readonly string[] };

/** A console without its outer host. */
export type RunningConsole = {
  node: HostedNode;
  dispatch: DispatchCall;
  /** Browsers of a host that listens. */
  sessions: BrowserSessions;
  readers: Readers;
  /** Notes where the console is served to browsers. */
  serves(served: Served): void;
  securePages: SecurePages;
  /** The window of a secure page was closed: its token ends, and a proposal nobody decided is declined. */
  closeSecurePage(token: string): void;
  randomBytes(count: number): Buffer;
  log: Logger;
  /** Stops the node and frees the data folder. May be called with `now` while `finish` is under way. */
  stop(mode: 'finish' | 'now'): Promise<void>;
};

const keptEvents = 5_000;
const random = (): number => randomInt(2 ** 32) / 2 ** 32;

/**
 * Starts the node in a data folder.
 * @throws AppError store.in_use, and whatever keeps the node from starting; the folder is free again then.
 */
export async function startConsole(options: Options, deps: Deps): Promise<RunningConsole> {
  // The folder is claimed before anything in it is opened.
  const lock = lockDataFolder(options.dataDir);
  try {
    const { log, query } = openLog(options.dataDir);
    const tokens = createSecureTokens({ now: Date.now, randomBytes });
    const onFatal = (error: AppError): void => {
      log.error('console.fatal', { code: error.code, error });
      deps.onFatal(error);
    };
    let served: Served = { address: null, tls: false, hostNames: [] };
    let readers: HostedNode['readers'] | null = null;
    const sessions = createBrowserSessions({ randomBytes, now: Date.now, idleMs: () => readers?.idleMs() ?? 0 });
    const node = await deps.createNode({
      startSandbox: createSandboxStarter({ module: options.sandboxModule, fresh: options.fresh, ...(options.secondNodeModule === undefined ? {} : { secondNodeModule: options.secondNodeModule }) }, { spawn: forkChild, log, onFatal }),
      openSecurePage: (page) => deps.openSecurePage(tokens.issue(page)),
      log,
      logRing: query,
      browsers: { list: sessions.list, end: sessions.end, endOthers: sessions.endOthers, onChange: sessions.onChange, served: () => ({ ...served, hostNames: [...served.hostNames] }) },
      now: Date.now,
      random,
      onFatal,
    });
    readers = node.readers;
    const dispatch = createDispatchCall(node.handlers, { log });
    const passage = options.passage ? await openPassage(options.dataDir, node, { dispatch, log }) : null;
    return {
      node,
      log,
      randomBytes,
      sessions,
      readers,
      serves: (now) => void (served = now),
      dispatch,
      securePages: createSecurePages({ api: node.secure, tokens, random, log }),
      closeSecurePage(token) {
        const page = tokens.visit(token)?.page;
        tokens.end(token);
        if (page?.kind === 'confirm' && node.secure.proposal(page.proposalId) !== null) node.secure.decline(page.proposalId);
      },
      async stop(mode) {
        log.info('console.stopping', { mode });
        await passage?.close();
        await node.stop(mode);
        lock.release();
      },
    };
  } catch (error) {
    lock.release();
    throw error;
  }
}

async function openPassage(dataDir: string, node: HostedNode, deps: { dispatch: DispatchCall; log: Logger }): Promise<ControlPassage> {
  try {
    return await openControlPassage({ dataDir }, { ...deps, command: node.command, randomBytes });
  } catch (error) {
    await node.stop('now');
    throw error;
  }
}

/** The log file takes everything but debug; the log view in memory takes debug as well. */
function openLog(dataDir: string): { log: Logger; query(query: LogQuery): LogEvent[] } {
  const ring = createLogRing(keptEvents);
  const file = openLogFile(join(dataDir, 'logs'), { onFailure: (error) => process.stderr.write(`The log cannot be written: ${String(error)}\n`) });
  const write = (line: string): void => {
    if (!line.startsWith('{"level":"debug"')) file.write(line);
  };
  return { log: createLogger({ level: 'debug', write, onEvent: ring.add, now: Date.now }), query: ring.query };
}

/** What nobody caught: a rejection is a bug to report, an exception leaves the process in an unknown state and ends it. Every durable state is a row, so a restart continues. */
export function watchProcess(log: Logger, onFatal: (error: AppError) => void): void {
  process.on('unhandledRejection', (error) => log.error('process.unhandled_rejection', { error }));
  process.on('uncaughtException', (error) => {
    log.error('process.uncaught_exception', { error });
    onFatal(new AppError('bug.unexpected', {}, { cause: error }));
  });
}
