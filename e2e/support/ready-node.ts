/** A console whose node is READY on the sandbox, by the shortest way through the set-up; for journeys that begin behind it. */
import { expect } from '@playwright/test';
import { launchConsole, type ConsoleUnderTest, type HostKind } from './launch.ts';
import { confirmProposal, createKey, waitForState } from './operator.ts';

/** The set-up by its shortest way, from the network that is chosen to a node at work; returns the words of the key. */
export async function goThroughSetUp(console: ConsoleUnderTest): Promise<string[]> {
  const { page } = console;
  const press = (name: string) => page.getByRole('button', { name, exact: true }).click();
  await press('Continue');
  const words = await createKey(console, async () => undefined);
  await finishSetUp(console);
  return words;
}

/** The rest of it, from the check of the machine on. */
export async function finishSetUp(console: ConsoleUnderTest): Promise<void> {
  const press = (name: string) => console.page.getByRole('button', { name, exact: true }).click();
  await press('Continue');
  await press('Get test tokens');
  await confirmProposal(console, 'Register node');
  await confirmProposal(console, 'Subscribe');
  await press('Start earning');
  await waitForState(console.page, /READY|EXECUTING/);
}

/** Starts it; the caller stops it. One whose set-up fails is stopped here. `keepWords` gets the words of its key. */
export async function launchReadyNode(kind: HostKind, options: Parameters<typeof launchConsole>[1] = {}, keepWords: (words: string[]) => void = () => undefined): Promise<ConsoleUnderTest> {
  const console = await launchConsole(kind, options);
  try {
    keepWords(await goThroughSetUp(console));
    await expect(console.page.getByRole('heading', { level: 1 })).toBeVisible();
    return console;
  } catch (error) {
    await console.stop();
    throw error;
  }
}
