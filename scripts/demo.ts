/** `npm run demo`: plays the whole main job on the embedded network without a window and ends with the ledger; exit 0 only if the amount on chain is the exact integer of the contract's rules. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { SuiGrpcClient } from '@mysten/sui/grpc';
import { claimValue, G1_CONSTANTS } from '../src-shared/atoma/index.ts';
import type { Intent } from '../src-shared/bridge/intents.ts';
import type { LedgerEntry, StackView } from '../src-shared/bridge/views.ts';
import { decimalText } from '../src-shared/domain/amounts.ts';
import type { NetworkProfile } from '../src-shared/domain/network-profile.ts';
import { createSandboxStarter } from '../src-main/host/sandbox-child.ts';
import { createLogger } from '../src-main/log/logger.ts';
import type { ConsoleNode } from '../src-main/console-node.ts';
import { createNode } from '../src-main/node.ts';
import { forkChild } from '../src-main/platform/processes.ts';
import { assertNode } from './lib/assert-node.ts';
import { printTable } from './lib/print-table.ts';

assertNode();
const root = resolve(import.meta.dirname, '..');
const dataDir = mkdtempSync(join(tmpdir(), 'operator-console-demo-'));
const passphrase = 'demo passphrase, play money';
const startedMs = Date.now();
const limitMs = 120_000;
const say = (text: string): void => console.log(`${((Date.now() - startedMs) / 1000).toFixed(1).padStart(5)} s  ${text}`);

const log = createLogger({
  level: 'warn',
  now: Date.now,
  write: (line) => {
    if (process.argv.includes('--verbose')) process.stderr.write(line);
  },
});

const g1Charges = {
  samplingConsensusChargePermille: G1_CONSTANTS.samplingConsensusChargePermille,
  crossValidationExtraNodesChargePermille: G1_CONSTANTS.crossValidationExtraNodesChargePermille,
};

/** Waits for a fact, looking again whenever the node says that something changed. */
async function until<T>(node: ConsoleNode, what: string, look: () => Promise<T | null>): Promise<T> {
  let wake: () => void = () => undefined;
  const stop = node.onTopic(() => wake());
  try {
    for (;;) {
      const changed = new Promise<void>((done) => {
        wake = done;
        setTimeout(done, 1_000);
      });
      const found = await look();
      if (found !== null) return found;
      if (Date.now() - startedMs > limitMs) throw new Error(`gave up waiting for ${what}`);
      await changed;
    }
  } finally {
    stop();
  }
}

async function sign(node: ConsoleNode, intent: Intent): Promise<void> {
  const { proposalId, preview } = await node.handlers['wallet.propose']({ intent });
  if (!preview.possible) throw new Error(`${intent.kind}: ${preview.problem?.message}`);
  await node.secure.approve(proposalId, passphrase);
  const outcome = await node.handlers['wallet.outcome']({ proposalId });
  if (outcome.status !== 'success') throw new Error(`${intent.kind} ended ${outcome.status}: ${outcome.error?.message}`);
}

/** Key, machine, funds, registration, subscription, start: the seven steps of the set-up. */
async function setUp(node: ConsoleNode): Promise<void> {
  const call = node.handlers;
  await call['setup.network']({ networkId: 'sandbox' });
  say('embedded network started: chain, coordinator, buyers');
  const { phrase } = await node.secure.createKey({ passphrase });
  await node.secure.confirmBackup(phrase);
  const keys = node.secure.keys();
  say(`keys made and sealed; wallet ${keys.walletAddress?.slice(0, 10)}…, node ${keys.nodeId?.slice(0, 10)}…`);
  const check = await call['setup.machineCheck']({});
  const fastest = check.providers.find((provider) => provider.ok);
  say(`machine checked; ${fastest?.provider} ran the model at ${fastest?.tokensPerSecond?.toFixed(0)} tokens per second`);
  await call['setup.faucet']({});
  say('funds received from the faucets');
  await sign(node, { kind: 'register' });
  say('node registered, collateral locked');
  const tasks = await call['tasks.list']({});
  const task = tasks.find((one) => one.canServe);
  if (task === undefined) throw new Error('no task can be served');
  await sign(node, { kind: 'subscribe', taskSmallId: task.taskSmallId, price: 80n, maxComputeUnits: 1_000_000n });
  say(`subscribed to task ${task.taskSmallId} (${task.model}) at 80 base units per compute unit`);
  await until(node, 'the subscription to be read', async () => ((await call['setup.get']({})).current === 'start' ? true : null));
  await call['setup.start']({});
  await until(node, 'READY', async () => (['READY', 'EXECUTING'].includes((await call['node.get']({})).state) ? true : null));
  say('READY: linked to the coordinator');
}

/** Serves one stack to its end and claims it. */
async function earn(node: ConsoleNode): Promise<StackView> {
  const call = node.handlers;
  await call['sandbox.setDemand']({ running: true, buyers: 1, requestsPerMinute: 600, stackUnits: 1_500, price: 100, taskSmallIds: [1], functions: false });
  let shown = -1;
  const stack = await until(node, 'a stack in its challenge window', async () => {
    const stacks = await call['stacks.list']({});
    const [first] = [...stacks].sort((a, b) => Number(a.stackSmallId - b.stackSmallId));
    if (first === undefined) return null;
    const percent = Number((first.usedUnits * 100n) / first.numComputeUnits);
    if (percent >= shown + 20) {
      shown = percent;
      say(`stack ${first.stackSmallId}: ${first.usedUnits} of ${first.numComputeUnits} units served and acknowledged`);
    }
    return first.phase === 'challenge' ? first : null;
  });
  say(`stack ${stack.stackSmallId} settled for ${stack.claimedUnits} units; waiting out the challenge window`);
  await call['sandbox.setDemand']({ running: false, buyers: 1, requestsPerMinute: 600, stackUnits: 1_500, price: 100, taskSmallIds: [1], functions: false });
  await call['sandbox.skipEpochs']({ epochs: 2 });
  const claimed = await until(node, 'the claim', async () => (await call['stacks.list']({})).find((one) => one.stackSmallId === stack.stackSmallId && one.phase === 'claimed') ?? null);
  say(`stack ${stack.stackSmallId} claimed`);
  return claimed;
}

/** Units that the coordinator acknowledged, counted from the jobs one by one. */
async function servedUnits(node: ConsoleNode, stackSmallId: bigint): Promise<bigint> {
  let units = 0n;
  for (let before: string | null = null; ; ) {
    const page: { items: { stackSmallId: bigint; acknowledged: string | null; computeUnits: bigint | null }[]; next: string | null } = await node.handlers['jobs.list']({ limit: 500, stages: ['accepted'], stackSmallId, before });
    units += page.items.reduce((sum, job) => sum + (job.computeUnits ?? 0n), 0n);
    if (page.next === null) return units;
    before = page.next;
  }
}

/** What the claim moved into the wallet, read from the chain itself and not from the node. */
async function claimedOnChain(profile: NetworkProfile, digest: string, wallet: string): Promise<bigint> {
  const client = new SuiGrpcClient({ network: 'custom', baseUrl: profile.endpoints[0] ?? '' });
  const result = await client.getTransaction({ digest, include: { balanceChanges: true } });
  const changes = (result.Transaction ?? result.FailedTransaction)?.balanceChanges ?? [];
  return changes.filter((change) => change.address === wallet && change.coinType === profile.coin.type).reduce((sum, change) => sum + BigInt(change.amount), 0n);
}

const ledgerRow = (entry: LedgerEntry): string[] => [
  new Date(entry.atMs).toISOString().slice(11, 19),
  entry.epoch.toString(),
  entry.kind,
  entry.stackSmallId === null ? '' : `#${entry.stackSmallId}`,
  entry.amount.toString(),
  `${decimalText(entry.amount, entry.coin.decimals)} ${entry.coin.symbol}`,
  `${entry.digest.slice(0, 8)}…`,
];

async function play(): Promise<boolean> {
  const started: NetworkProfile[] = [];
  const startSandbox = createSandboxStarter({ module: join(root, 'src-main/sandbox/main.ts'), fresh: true }, { spawn: forkChild, log, onFatal: (error) => say(error.message) });
  const node = await createNode(
    { dataDir, version: '0.1.0', host: 'headless', electron: null, fixedNetwork: null, modelRoots: [join(root, 'resources/models')], inferenceModule: join(root, 'src-main/inference/process.ts') },
    {
      spawn: forkChild,
      keychain: null,
      startSandbox: async (dir, generation) => {
        const running = await startSandbox(dir, generation);
        started.push(running.profile);
        return running;
      },
      openSecurePage: async () => ({ url: null }),
      log,
      logRing: () => [],
      now: Date.now,
      random: Math.random,
      onFatal: (error) => say(error.message),
    },
  );
  try {
    await setUp(node);
    const stack = await earn(node);
    const [profile] = started;
    const wallet = node.secure.keys().walletAddress;
    if (profile === undefined || wallet === null || stack.claimDigest === null) throw new Error('the claim left no trace');
    const units = await servedUnits(node, stack.stackSmallId);
    const expected = claimValue(stack.price, units, false, g1Charges);
    const found = await claimedOnChain(profile, stack.claimDigest, wallet);
    const ledger = await node.handlers['ledger.list']({ limit: 100, before: null });
    console.log('\nLedger');
    printTable(['time', 'epoch', 'kind', 'stack', 'base units', 'amount', 'transaction'], ledger.reverse().map(ledgerRow));
    const booked = ledger.filter((entry) => entry.kind === 'claim' && entry.stackSmallId === stack.stackSmallId).reduce((sum, entry) => sum + entry.amount, 0n);
    console.log(`\n${units} units served × ${stack.price} = ${expected} base units by the contract's rules; ${found} on chain; ${booked} in the ledger`);
    return units > 0n && found === expected && booked === expected;
  } finally {
    await node.stop('now');
  }
}

play()
  .then((exact) => {
    console.log(exact ? 'The claimed amount is exact.' : 'The claimed amount DIFFERS.');
    process.exitCode = exact ? 0 : 1;
  })
  .catch((error: unknown) => {
    console.error(error);
    process.exitCode = 1;
  })
  .finally(() => rmSync(dataDir, { recursive: true, force: true }));
