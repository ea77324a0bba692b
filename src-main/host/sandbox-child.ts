/** Starts the embedded network as a child process and waits until it is ready (architecture.md: "the entries start it as a child process"). */
import { join } from 'node:path';
import { z } from 'zod';
import { networkProfileSchema, type Generation, type NetworkProfile } from '../../src-shared/domain/network-profile.ts';
import { AppError } from '../../src-shared/errors.ts';
import type { Logger } from '../log/logger.ts';
import type { ChildHandle, SpawnChild } from '../platform/processes.ts';

/** Starts the embedded network of a generation. */
export type StartSandbox = (dataDir: string, generation: Generation) => Promise<RunningSandbox>;

const folders: Readonly<Record<Generation, string>> = { G1: 'sandbox', G2: 'sandbox-g2' };

/** A running embedded network. */
export type RunningSandbox = { profile: NetworkProfile; stop(): Promise<void> };

type Options = {
  module: string;
  /** Module of its second node; without it the network looks beside its own. */
  secondNodeModule?: string;
  /** Start anew, once: a second start of the same run continues. */
  fresh: boolean;
  timeoutMs?: number;
};
type Deps = { spawn: SpawnChild; log: Logger; onFatal(error: AppError): void };

const readySchema = z.object({ kind: z.literal('ready'), profile: networkProfileSchema });
const defaultTimeoutMs = 60_000;

/**
 * Creates the starter. Its function takes the console's data folder and the contract generation; each generation has a folder of its own there.
 * @throws AppError network.sandbox_failed when the process ends or stays silent before it is ready. When it ends later, `onFatal` is told.
 */
export function createSandboxStarter({ module, secondNodeModule, fresh, timeoutMs = defaultTimeoutMs }: Options, deps: Deps): StartSandbox {
  const begun = new Set<Generation>();
  return async (dataDir, generation) => {
    const isFresh = fresh && !begun.has(generation);
    const args = ['--data-dir', join(dataDir, folders[generation]), '--generation', generation.toLowerCase(), '--parent', ...(secondNodeModule === undefined ? [] : ['--second-node', secondNodeModule]), ...(isFresh ? ['--fresh'] : [])];
    begun.add(generation);
    const child = deps.spawn(module, args);
    const exited = new Promise<void>((resolve) => child.onExit(() => resolve()));
    const state = { stopping: false };
    const stop = async (): Promise<void> => {
      state.stopping = true;
      child.kill();
      await exited;
    };
    try {
      const profile = await waitUntilReady(child, timeoutMs);
      child.onExit((code) => {
        if (!state.stopping) deps.onFatal(new AppError('network.sandbox_failed', { detail: `its process ended with code ${code ?? 'none'}` }));
      });
      deps.log.info('sandbox.started', { pid: child.pid, networkId: profile.id });
      return { profile, stop };
    } catch (error) {
      await stop();
      throw error;
    }
  };
}

function waitUntilReady(child: ChildHandle, timeoutMs: number): Promise<NetworkProfile> {
  return new Promise((resolve, reject) => {
    const fail = (detail: string): void => reject(new AppError('network.sandbox_failed', { detail }));
    const timer = setTimeout(() => fail(`no answer within ${timeoutMs / 1000} s`), timeoutMs);
    child.onExit((code) => {
      clearTimeout(timer);
      fail(`its process ended with code ${code ?? 'none'}`);
    });
    child.onMessage((message) => {
      const ready = readySchema.safeParse(message);
      if (!ready.success) return;
      clearTimeout(timer);
      resolve(ready.data.profile);
    });
  });
}
