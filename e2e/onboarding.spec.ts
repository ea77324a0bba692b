/** From first start to READY as a new operator does it, with their presses counted and the time taken: at most 12 presses and 90 seconds on the sandbox. */
import { expect, test } from '@playwright/test';
import { launchConsole, type ConsoleUnderTest, type HostKind } from './support/launch.ts';
import { goThroughSetUp } from './support/ready-node.ts';
import { skipWithoutHost } from './support/share-console.ts';

const mostPresses = 12;
const mostMs = 90_000;

/** Counts every press on this page and on those that it opens; a press is what a person does with the mouse or the key Enter. */
async function countPresses(console: ConsoleUnderTest): Promise<() => number> {
  let presses = 0;
  const context = console.page.context();
  await context.exposeBinding('countPress', () => void (presses += 1));
  const listen = (): void => {
    addEventListener('click', (event) => event.isTrusted && (globalThis as unknown as { countPress(): void }).countPress(), { capture: true });
  };
  await context.addInitScript(listen);
  await console.page.evaluate(listen);
  return () => presses;
}

test('a newcomer is READY in a minute and a half and a dozen presses', async ({}, info) => {
  const kind = info.project.name as HostKind;
  skipWithoutHost(kind);
  const startedMs = Date.now();
  const console = await launchConsole(kind);
  try {
    const presses = await countPresses(console);
    await goThroughSetUp(console);
    const tookMs = Date.now() - startedMs;
    info.annotations.push({ type: 'measured', description: `${presses()} presses, ${(tookMs / 1_000).toFixed(1)} s` });
    // Those on the secure pages count too: without them there would be seven at most.
    expect(presses()).toBeGreaterThan(9);
    expect(presses()).toBeLessThanOrEqual(mostPresses);
    expect(tookMs).toBeLessThan(mostMs);
  } finally {
    await console.stop();
  }
});
