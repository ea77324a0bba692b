/** Verbs that list what the console knows: tasks, stacks, jobs, ledger, balances, logs (issue: lists with --json). */
import { z } from 'zod';
import { calls } from '../../../src-shared/bridge/index.ts';
import { parkedPrice } from '../../../src-shared/bridge/intents.ts';
import { logLineSchema, reading } from '../../../src-shared/bridge/views.ts';
import { bigintText, coinSchema, suiCoin } from '../../../src-shared/domain/amounts.ts';
import { jobStageSchema } from '../../../src-shared/domain/job-stage.ts';
import { amountText, exactText, tableLines } from '../amount-text.ts';
import { countOption, u64Option } from '../option-schemas.ts';
import { verb, type Verb } from '../verb.ts';

const limitOption = { flags: '--limit <count>', description: 'most lines, 1 to 500 (50)' };
const limit = countOption(1, 500).default(50);
const beforeOption = { flags: '--before <mark>', description: 'the page after: `next` of the page before' };
const amount = reading(bigintText);

/** Documents that these verbs print with --json. */
export const tasksReportSchema = z.object({ tasks: calls['tasks.list'].output });
export const stacksReportSchema = z.object({ stacks: calls['stacks.list'].output });
export const jobsReportSchema = calls['jobs.list'].output;
export const ledgerReportSchema = z.object({ entries: calls['ledger.list'].output, /** Mark of the next page; null at the end. */ next: z.string().nullable() });
export const balancesReportSchema = z.object({
  walletAddress: z.string().nullable(),
  nodeSmallId: bigintText.nullable(),
  sui: z.object({ coin: coinSchema, balance: amount }),
  network: z.object({ coin: coinSchema, balance: amount, collateral: amount, claimable: amount }),
});
export const logsReportSchema = z.object({ lines: z.array(logLineSchema) });

const ranks = { debug: 0, info: 1, warn: 2, error: 3 };
/** A line of the log file, as pino writes it. */
const fileLineSchema = z.object({ level: logLineSchema.shape.level, time: z.number(), event: z.string() }).catchall(z.json());

/** Verbs that list. */
export const listVerbs: readonly Verb[] = [
  verb({
    name: 'tasks',
    summary: 'Tasks on chain, their prices, and which of them this machine can serve',
    example: 'tasks --json',
    schema: z.strictObject({}),
    run: async ({ call }) => {
      const tasks = await call('tasks.list', {});
      const price = (value: bigint): string => (value === parkedPrice ? 'parked' : String(value));
      const rows = tasks.map((task) => [
        String(task.taskSmallId), String(task.role), task.model ?? '', task.securityLevel, task.isDeprecated ? 'retired' : '', task.subscription === null ? '' : price(task.subscription.price),
        String(task.subscribers.length), task.canServe ? 'yes' : (task.whyNot ?? 'no').replaceAll('_', ' '),
      ]);
      return { json: tasksReportSchema.encode({ tasks }), lines: tableLines(['task', 'role', 'model', 'security', '', 'my price', 'nodes', 'can serve'], rows, 'There are no tasks.') };
    },
  }),
  verb({
    name: 'stacks',
    summary: 'Stacks bought from this node, and where their money is',
    example: 'stacks --json',
    schema: z.strictObject({}),
    run: async ({ call }) => {
      const stacks = await call('stacks.list', {});
      const { coin } = await call('node.get', {});
      const rows = stacks.map((stack) => [String(stack.stackSmallId), String(stack.taskSmallId), stack.phase, `${stack.usedUnits}/${stack.numComputeUnits}`, amountText(stack.value, coin), stack.lastError?.message ?? '']);
      return { json: stacksReportSchema.encode({ stacks }), lines: tableLines(['stack', 'task', 'phase', 'units', 'value', ''], rows, 'No stack was bought from this node yet.') };
    },
  }),
  verb({
    name: 'jobs',
    summary: 'Requests that this machine served; never their text',
    example: 'jobs --limit 20 --stack 7',
    options: [limitOption, beforeOption, { flags: '--stack <id>', description: 'of this stack only' }, { flags: '--stage <stage>', description: `at this stage only: ${jobStageSchema.options.join(', ')}` }],
    needs: 'open_keys',
    schema: z.strictObject({ limit, before: z.string().max(200).optional(), stack: u64Option.optional(), stage: jobStageSchema.optional() }),
    run: async ({ call }, { limit: most, before, stack, stage }) => {
      const page = await call('jobs.list', { limit: most, before: before ?? null, stackSmallId: stack ?? null, stages: stage === undefined ? null : [stage] });
      const rows = page.items.map((job) => [new Date(job.receivedMs).toISOString(), job.taskId, String(job.stackSmallId), job.stage, String(job.computeUnits ?? ''), job.code ?? '']);
      return { json: jobsReportSchema.encode(page), lines: [...tableLines(['received', 'request', 'stack', 'stage', 'units', 'code'], rows, 'No requests yet.'), ...(page.next === null ? [] : [`More: --before ${page.next}`])] };
    },
  }),
  verb({
    name: 'ledger',
    summary: 'What came in and went out, newest first',
    example: 'ledger --limit 100 --json',
    options: [limitOption, beforeOption],
    schema: z.strictObject({ limit, before: z.string().max(200).optional() }),
    run: async ({ call }, { limit: most, before }) => {
      const entries = await call('ledger.list', { limit: most, before: before ?? null });
      const next = entries.length < most ? null : (entries.at(-1)?.id ?? null);
      const rows = entries.map((entry) => [new Date(entry.atMs).toISOString(), entry.kind.replaceAll('_', ' '), entry.stackSmallId === null ? '' : `#${entry.stackSmallId}`, amountText(entry.amount, entry.coin), entry.digest]);
      return { json: ledgerReportSchema.encode({ entries, next }), lines: [...tableLines(['time', 'kind', 'stack', 'amount', 'transaction'], rows, 'The ledger is empty.'), ...(next === null ? [] : [`More: --before ${next}`])] };
    },
  }),
  verb({
    name: 'balances',
    summary: 'What the wallet holds, what is locked, what can be claimed',
    example: 'balances --json',
    schema: z.strictObject({}),
    run: async ({ call }) => {
      const { funds, registration, keys } = await call('setup.get', {});
      const { claimable } = await call('earnings.get', {});
      const report = {
        walletAddress: keys.walletAddress,
        nodeSmallId: registration.nodeSmallId,
        sui: { coin: suiCoin, balance: funds.suiMist },
        network: { coin: funds.coin, balance: funds.balance, collateral: registration.collateral, claimable },
      };
      const lines = [
        `wallet      ${keys.walletAddress ?? 'no key yet'}`,
        `SUI         ${exactText(funds.suiMist.value, suiCoin)}`,
        `${funds.coin.symbol.padEnd(12)}${exactText(funds.balance.value, funds.coin)}`,
        `collateral  ${exactText(registration.collateral.value, funds.coin)}`,
        `claimable   ${exactText(claimable.value, funds.coin)}`,
      ];
      return { json: balancesReportSchema.encode(report), lines };
    },
  }),
  verb({
    name: 'logs',
    summary: 'Newest events of the log, newest first, secrets masked',
    example: 'logs --level warn --text chain',
    options: [limitOption, { flags: '--level <level>', description: 'debug (running console only), info, warn or error and above (info)' }, { flags: '--text <text>', description: 'only lines that contain it' }],
    needs: 'folder',
    schema: z.strictObject({ limit, level: logLineSchema.shape.level.default('info'), text: z.string().max(200).default('') }),
    run: async ({ call, door, readLogLines }, { limit: most, level, text }) => {
      const fromFile = (): z.output<typeof logLineSchema>[] =>
        readLogLines(5_000)
          .flatMap((line) => fileLineSchema.safeParse(line).data ?? [])
          .map(({ level: at, time: atMs, event, ...fields }) => ({ atMs, level: at, event, fields }))
          .filter((line) => ranks[line.level] >= ranks[level] && JSON.stringify(line).toLowerCase().includes(text.toLowerCase()))
          .slice(0, most);
      const lines = door.running ? await call('logs.list', { limit: most, level, text }) : fromFile();
      return { json: logsReportSchema.encode({ lines }), lines: lines.map((line) => `${new Date(line.atMs).toISOString()} ${line.level.padEnd(5)} ${line.event} ${Object.keys(line.fields).length === 0 ? '' : JSON.stringify(line.fields)}`.trimEnd()) };
    },
  }),
];
