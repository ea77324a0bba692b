/** The console that the journeys of a file share: started before the first, stopped after the last, left out where its host is missing. */
import { test } from '@playwright/test';
import { electronPath, type ConsoleUnderTest, type HostKind } from './launch.ts';

/** Leaves out what is not possible here: the desktop's journeys where there is no Electron. */
export function skipWithoutHost(kind: HostKind): void {
  test.skip(kind === 'electron' && electronPath() === null, 'Electron is not installed and could not be fetched');
}

/**
 * Starts the project's host by `launch` and gives the console to every journey of the file that calls it; it can be used once they run, not before.
 * What `launch` begins beside the console is ended by an `afterAll` of the file: it comes after the console has stopped.
 */
export function shareConsole(launch: (kind: HostKind) => Promise<ConsoleUnderTest>): ConsoleUnderTest {
  let started: ConsoleUnderTest | null = null;
  const running = (): ConsoleUnderTest => {
    if (started === null) throw new Error('the console has not been started');
    return started;
  };
  test.beforeAll(async ({}, info) => {
    const kind = info.project.name === 'electron' ? 'electron' : 'headless';
    skipWithoutHost(kind);
    started = await launch(kind);
  });
  test.afterAll(async () => {
    await started?.stop();
  });
  return {
    get kind() {
      return running().kind;
    },
    get page() {
      return running().page;
    },
    get dataDir() {
      return running().dataDir;
    },
    secure: (open) => running().secure(open),
    restart: () => running().restart(),
    electron: () => running().electron(),
    rendererPid: () => running().rendererPid(),
    stop: () => running().stop(),
  };
}
