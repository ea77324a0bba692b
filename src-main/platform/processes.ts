/** Starts child processes and lets a child talk to its parent, the same under Node and under Electron's utilityProcess (architecture: platform/processes). */
import { fork } from 'node:child_process';

/** A running child: messages are structured clones; `onExit` fires once, with null when a signal or a failed start ended it. */
export type ChildHandle = {
  readonly pid: number | undefined;
  /** Sends a message; a message to a child that has gone is dropped, its exit says so. */
  send(message: unknown): void;
  onMessage(listener: (message: unknown) => void): void;
  /** Called once, at once when the child has already gone. */
  onExit(listener: (code: number | null) => void): void;
  /** Ends the child without asking. */
  kill(): void;
};

/** Starts a module as a child process. The Electron host has a second one over utilityProcess. */
export type SpawnChild = (modulePath: string, args: readonly string[], options?: SpawnOptions) => ChildHandle;

/** `quiet`: what native code prints is dropped, because the child tells its failures in messages. */
export type SpawnOptions = { env?: Record<string, string>; quiet?: boolean };

/** What a child sees of its parent. */
export type ParentLink = {
  send(message: unknown): void;
  onMessage(listener: (message: unknown) => void): void;
  /** The parent has gone or closed the channel: the child should end. Never fires under utilityProcess, whose children die with their parent. */
  onClose(listener: () => void): void;
};

/** SpawnChild over child_process.fork; errors and warnings of the child go to this process's stderr. */
export const forkChild: SpawnChild = (modulePath, args, { env = {}, quiet = false } = {}) => {
  const child = fork(modulePath, [...args], {
    serialization: 'advanced',
    env: { ...process.env, ...env },
    // The parent's own flags (a test runner's loaders, an inspector port) are not the child's.
    execArgv: [],
    // A group of its own: Ctrl-C in a terminal reaches the parent alone, which may first let running work finish. A child ends with its channel.
    detached: process.platform !== 'win32',
    stdio: quiet ? ['ignore', 'ignore', 'ignore', 'ipc'] : ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  const listeners: ((code: number | null) => void)[] = [];
  let ended: { code: number | null } | null = null;
  const end = (code: number | null): void => {
    if (ended) return;
    ended = { code };
    for (const listener of listeners) listener(code);
  };
  child.once('exit', end);
  // 'error' without a pid means that the start failed, and no 'exit' follows. Every other error is a failed send, told by the exit.
  child.on('error', () => {
    if (child.pid === undefined) end(null);
  });
  return {
    pid: child.pid,
    send: (message) => {
      if (child.connected) child.send(message as object, () => undefined);
    },
    onMessage: (listener) => void child.on('message', listener),
    onExit: (listener) => {
      if (ended) listener(ended.code);
      else listeners.push(listener);
    },
    kill: () => void child.kill('SIGKILL'),
  };
};

/** The part of Electron's utility-process port that is used here. */
type ParentPort = {
  postMessage(message: unknown): void;
  on(event: 'message', listener: (event: { data: unknown }) => void): void;
};

/**
 * The link to the process that started this one.
 * @throws Error when this process was started by nobody who listens (neither forked nor a utility process).
 */
export function connectParent(): ParentLink {
  const port = (process as { parentPort?: ParentPort }).parentPort;
  if (port) {
    return {
      send: (message) => port.postMessage(message),
      onMessage: (listener) => port.on('message', (event) => listener(event.data)),
      onClose: () => undefined,
    };
  }
  if (!process.send) throw new Error('This module is started by its parent process, not by hand.');
  return {
    send: (message) => {
      // The parent may go between the check and the write; onClose tells of it.
      if (process.connected) process.send?.(message, undefined, undefined, () => undefined);
    },
    onMessage: (listener) => void process.on('message', listener),
    onClose: (listener) => void process.once('disconnect', listener),
  };
}
