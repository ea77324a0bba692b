/** The loop looks at once when an event of the contract hints at something, survives an outage, and stops. */
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Chain } from './create-chain.ts';
import { startChainFixture, type ChainFixture } from './testing/chain-fixture.ts';

let fixture: ChainFixture;
let chain: Chain;
beforeEach(async () => {
  fixture = await startChainFixture();
  chain = fixture.open({ pollMs: 600_000 });
  await chain.execute({ kind: 'register' });
  await chain.execute({ kind: 'subscribe', taskSmallId: 1n, price: 7n, maxComputeUnits: 5_000n });
});
afterEach(async () => {
  await chain.stop();
  await fixture.stop();
});

/** Ends when `holds` does, looked at after each change. */
const until = (holds: () => boolean): Promise<void> =>
  new Promise((done) => {
    const look = (): void => {
      if (!holds()) return;
      forget();
      done();
    };
    const forget = chain.onChange(look);
    look();
  });

it('finds a new stack by the hint of its event, long before the next poll', async () => {
  chain.start();
  await until(() => chain.snapshot().health.status === 'ok');
  // Two purchases: should the stream open during the first, the second one's event is surely seen.
  await fixture.buy(100n, 10n);
  await fixture.buy(100n, 10n);
  await until(() => chain.stack(1n) !== null);
  expect(chain.stackViews()).toContainEqual(expect.objectContaining({ stackSmallId: 1n, phase: 'working' }));
});
it('finds a new task by the hint of its event, while the clock says that tasks are not due', async () => {
  chain.start();
  const tasks = (): number => chain.snapshot().tasks?.length ?? 0;
  const atFirst = tasks();
  // The stream opens at some time of its own: tasks are made until one was seen. The hint alone reads none of them.
  for (let made = 0; tasks() === atFirst; made += 1) {
    await fixture.test.chain.administer({ kind: 'create-task', task: { modelName: `late ${made}` } });
    let changes = 0;
    const changed = until(() => (changes += 1) > 1);
    chain.hint();
    await changed;
  }
  expect(chain.snapshot().tasks?.map((task) => task.modelName)).toContain('late 0');
});
it('tells when the chain went down and when it is back', async () => {
  chain.start();
  await until(() => chain.snapshot().health.status === 'ok');
  fixture.test.chain.setFaults({ drop: true });
  chain.hint();
  await until(() => chain.snapshot().health.status === 'down');
  fixture.test.chain.setFaults({ drop: false });
  chain.hint();
  await until(() => chain.snapshot().health.status === 'ok');
  expect(chain.snapshot().registration?.registered).toBe(true);
});
