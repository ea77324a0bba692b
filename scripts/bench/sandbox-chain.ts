/**
 * Compares the sandbox chain with little and with much state: the same purchases, settlements, claims and reads among few and among
 * 100,000 stacks and 1,000 subscribers (issue 3, item 7). Run it alone: `node scripts/bench/sandbox-chain.ts [--stacks 100000] [--subscribers 1000]`.
 * The figures to look at are the ratios; the times are those of the machine.
 */
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { SuiGrpcClient } from '@mysten/sui/grpc';
import { silentLogger } from '../../src-main/log/logger.ts';
import { createSandboxChain } from '../../src-main/sandbox/chain/index.ts';
import { fillChain, fillCore, withOpenChain } from '../../src-main/sandbox/chain/testing/fill-chain.ts';

const ROUNDS = 200;
const terms = { task: 1n, units: 1_000n, price: 1_000n };

const createRandom = (seed: string): (() => Uint8Array) => {
  let counter = 0;
  return () =>
    Uint8Array.from(
      createHash('sha256')
        .update(`${seed} ${(counter += 1)}`)
        .digest(),
    );
};

type Figures = Readonly<Record<string, number>>;

/** Milliseconds that `work` takes on average over its `count` parts. */
const timed = async (count: number, work: () => Promise<unknown>): Promise<number> => {
  const startedAt = performance.now();
  await work();
  return (performance.now() - startedAt) / count;
};

/** Reads as the console and the coordinator read: the database, an owner's balance, pages of events and of the stacks table, the start. */
const readFigures = async (dataFile: string, deps: Parameters<typeof createSandboxChain>[1]): Promise<Figures> => {
  const startedAt = performance.now();
  const chain = createSandboxChain({ dataFile }, deps);
  await chain.start();
  const start = performance.now() - startedAt;
  const client = new SuiGrpcClient({ network: 'sandbox', baseUrl: chain.url });
  const often = (read: () => Promise<unknown>) =>
    timed(ROUNDS, async () => {
      for (let i = 0; i < ROUNDS; i += 1) await read();
    });
  const eventType = `${chain.packageId}::db::StackCreatedEvent`;
  const last = await client.listEvents({ filter: { eventType }, order: 'descending', limit: 1 });
  const { response } = await client.ledgerService.getServiceInfo({});
  let pages = 0;
  let events = 0;
  const catchUp = await timed(1, async () => {
    let after: string | null = null;
    for (;;) {
      const page = await client.listEvents({
        filter: { eventType: `${chain.packageId}::db` },
        limit: 1_000,
        ...(after === null ? {} : { after }),
      });
      pages += 1;
      events += page.events.length;
      if (!page.hasNextPage) break;
      after = page.endCursor;
    }
  });
  const figures = {
    'read AtomaDb': await often(() => client.getObject({ objectId: chain.atomaDbId, include: { content: true } })),
    'balance of the buyer': await often(() => client.getBalance({ owner: chain.publisher, coinType: chain.coin.type })),
    'newest event by type': await often(() =>
      client.listEvents({ filter: { eventType }, order: 'descending', limit: 1 }),
    ),
    'page of 50 events from the middle': await often(() =>
      client.listEvents({ filter: { eventType }, before: last.endCursor, order: 'descending', limit: 50 }),
    ),
    'page of 50 owned objects': await often(() => client.listOwnedObjects({ owner: chain.publisher, limit: 50 })),
    'one event of a catch-up by pages': catchUp / events,
  };
  await chain.stop();
  process.stdout.write(
    `  start ${Math.round(start)} ms, ${response.checkpointHeight} checkpoints, ${events} events in ${pages} pages in ${Math.round(catchUp)} ms, ${Math.round(process.memoryUsage().rss / 1e6)} MB\n`,
  );
  return figures;
};

/** Fills a chain and measures what one more of each costs. */
const measure = async (stacks: number, subscribers: number): Promise<Figures> => {
  const folder = mkdtempSync(join(tmpdir(), 'sandbox-bench-'));
  const dataFile = join(folder, 'chain.db');
  const deps = { now: () => Date.now(), random: createRandom('bench'), log: silentLogger };
  try {
    const chain = createSandboxChain({ dataFile, tasks: [{ modelName: 'bench' }] }, deps);
    await chain.start();
    await chain.stop();
    const filling = await timed(1, () =>
      fillChain(dataFile, { ...terms, stacks, subscribers, perTransaction: 50 }, deps),
    );
    process.stdout.write(`${stacks} stacks, ${subscribers} subscribers: filled in ${Math.round(filling / 1_000)} s\n`);
    const at = new Map<string, number>();
    const plan = { ...terms, stacks: ROUNDS, settled: ROUNDS, claimed: ROUNDS };
    const onPart = (part: string): void => void at.set(part, performance.now());
    await withOpenChain(dataFile, deps, (core) => fillCore(core, { ...plan, onPart }));
    const between = (from: string, to: string): number => ((at.get(to) ?? 0) - (at.get(from) ?? 0)) / ROUNDS;
    return {
      purchase: between('subscribed', 'bought'),
      settlement: between('bought', 'settled'),
      'claim, a stack of a batch': between('settled', 'claimed'),
      ...(await readFigures(dataFile, deps)),
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};

const { values } = parseArgs({
  options: {
    stacks: { type: 'string', default: '100000' },
    subscribers: { type: 'string', default: '1000' },
    few: { type: 'string', default: '1000' },
  },
});
const few = await measure(Number(values.few), Number(values.subscribers));
const many = await measure(Number(values.stacks), Number(values.subscribers));
process.stdout.write(
  `\n${'per operation'.padEnd(36)}${'few, ms'.padStart(10)}${'many, ms'.padStart(10)}${'ratio'.padStart(8)}\n`,
);
for (const [name, small] of Object.entries(few)) {
  const large = many[name] ?? Number.NaN;
  process.stdout.write(
    `${name.padEnd(36)}${small.toFixed(2).padStart(10)}${large.toFixed(2).padStart(10)}${(large / small).toFixed(1).padStart(8)}\n`,
  );
}
