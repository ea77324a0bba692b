/** The verbs of the contract's guide: each is one intent of the allow-list (protocol.md 2; the seed's command guide). */
import { z } from 'zod';
import { parkedPrice, securityLevelSchema, type Intent } from '../../../src-shared/bridge/intents.ts';
import { addressSchema } from '../../../src-shared/domain/ids.ts';
import { AppError } from '../../../src-shared/errors.ts';
import { countOption, hash32Option, signingOptions, u64ListOption, u64Option } from '../option-schemas.ts';
import { signIntent } from '../sign-intent.ts';
import { verb, type Option, type Verb, type VerbContext } from '../verb.ts';

const option = (flags: string, description: string): Option => ({ flags, description, required: true });
const optional = (flags: string, description: string): Option => ({ flags, description });
const task = option('--task <id>', 'number of the task');
const stack = option('--stack <id>', 'number of the stack');
const price = option('--price <amount>', 'base units of the network\'s coin per compute unit (G2: per 1,000,000)');
const maxUnits = optional('--max-units <units>', 'most compute units that one stack may hold; G2 fixes it at 1,000,000');

type Row = { name: string; summary: string; example: string; options?: readonly Option[] };
/** A row whose options are the intent and nothing has to be looked up for it. */
const plain = <S extends z.ZodRawShape>(row: Row, shape: S, intent: (options: z.output<z.ZodObject<S>>) => Intent): Verb =>
  verb({
    ...row,
    signs: true,
    schema: z.strictObject({ ...shape, ...signingOptions }),
    run: (context, options) => signIntent(context, intent(options as unknown as z.output<z.ZodObject<S>>), options as unknown as { dryRun: boolean; yes: boolean }),
  });

/** G2 fixes the units of a subscription (protocol.md 0); on G1 they are the operator's choice and are never guessed. */
async function unitsOf({ call }: VerbContext, given: bigint | undefined): Promise<bigint> {
  if (given !== undefined) return given;
  const { network } = await call('settings.get', {});
  if (network.generation === 'G2') return 1_000_000n;
  throw new AppError('host.bad_flag', { detail: '--max-units is needed on this network' });
}

const subscribing = (row: Row, kind: 'subscribe' | 'update_subscription'): Verb =>
  verb({
    ...row,
    options: [task, price, maxUnits],
    signs: true,
    schema: z.strictObject({ task: u64Option, price: u64Option, maxUnits: u64Option.optional(), ...signingOptions }),
    run: async (context, { task: taskSmallId, price: per, maxUnits: units, ...flags }) => signIntent(context, { kind, taskSmallId, price: per, maxComputeUnits: await unitsOf(context, units) }, flags),
  });

const roles = ['chat', 'embeddings', 'vision', 'image', 'text-to-speech', 'speech-to-text', 'fine-tuning', 'training'];
const roleOption = z.string().transform((text, context) => {
  const role = roles.includes(text) ? roles.indexOf(text) : /^[0-7]$/.test(text) ? Number(text) : null;
  if (role !== null) return role;
  context.addIssue({ code: 'custom', message: `must be one of ${roles.join(', ')}, or its number from 0 to 7` });
  return z.NEVER;
});

/** Signing verbs, in the order of the guide. */
export const signingVerbs: readonly Verb[] = [
  verb({
    name: 'faucet',
    summary: 'Take play money from the faucets of a test network',
    example: 'faucet --amount 100000000000',
    options: [optional('--amount <amount>', 'base units of the network\'s coin; without it SUI for gas is asked for as well')],
    signs: true,
    schema: z.strictObject({ amount: u64Option.optional(), ...signingOptions }),
    run: async (context, { amount, ...flags }) => {
      if (amount !== undefined || flags.dryRun) return signIntent(context, { kind: 'faucet', amount: amount ?? 10_000_000_000n }, flags);
      await context.call('setup.faucet', {});
      return { json: { done: true, dryRun: false }, lines: ['The faucets have paid. See: balances'] };
    },
  }),
  plain(
    {
      name: 'task create',
      summary: 'Create a task (G2: needs the manager\'s badge)',
      example: 'task create --role chat --model meta-llama/Llama-3.1-8B-Instruct --security sampling-consensus --min-reputation 50',
      options: [
        option('--role <role>', `${roles.join(', ')}, or its number`),
        optional('--model <name>', 'name of the model; without it the task names none'),
        optional('--security <level>', `${securityLevelSchema.options.join(', ')} (none)`),
        optional('--min-reputation <score>', '0 to 100 (0)'),
        optional('--private', 'by invitation; G2 only'),
      ],
    },
    {
      role: roleOption,
      model: z.string().min(1).max(200).optional(),
      security: securityLevelSchema.default('none'),
      minReputation: countOption(0, 100).default(0),
      private: z.boolean().default(false),
    },
    (o) => ({ kind: 'create_task', role: o.role, modelName: o.model ?? null, securityLevel: o.security, minimumReputation: o.minReputation, isPublic: !o.private }),
  ),
  plain({ name: 'task deprecate', summary: 'Retire a task of yours: no new subscriptions', example: 'task deprecate --task 3 --yes', options: [task] }, { task: u64Option }, (o) => ({ kind: 'deprecate_task', taskSmallId: o.task })),
  plain({ name: 'task remove', summary: 'Remove a retired task of yours; unclaimed stacks on it are lost', example: 'task remove --task 3 --yes', options: [task] }, { task: u64Option }, (o) => ({ kind: 'remove_task', taskSmallId: o.task })),
  plain({ name: 'register', summary: 'Register this wallet as a node', example: 'register --dry-run' }, {}, () => ({ kind: 'register' })),
  subscribing({ name: 'subscribe', summary: 'Serve a task at a price', example: 'subscribe --task 1 --price 80 --max-units 1000000' }, 'subscribe'),
  subscribing({ name: 'update-subscription', summary: 'Change price or size of a subscription', example: 'update-subscription --task 1 --price 90 --max-units 1000000' }, 'update_subscription'),
  verb({
    name: 'park',
    summary: 'Keep a subscription but take no new stacks (G1: a price nobody pays)',
    example: 'park --task 1',
    options: [task, maxUnits],
    signs: true,
    schema: z.strictObject({ task: u64Option, maxUnits: u64Option.optional(), ...signingOptions }),
    run: async (context, { task: taskSmallId, maxUnits: units, ...flags }) => {
      const found = (await context.call('tasks.list', {})).find((one) => one.taskSmallId === taskSmallId)?.subscription;
      return signIntent(context, { kind: 'update_subscription', taskSmallId, price: parkedPrice, maxComputeUnits: units ?? found?.maxComputeUnits ?? (await unitsOf(context, undefined)) }, flags);
    },
  }),
  plain({ name: 'unsubscribe', summary: 'End a subscription; on G1 prefer park', example: 'unsubscribe --task 1 --yes', options: [task] }, { task: u64Option }, (o) => ({ kind: 'unsubscribe', taskSmallId: o.task })),
  plain(
    { name: 'stack buy', summary: 'Buy compute units of a task', example: 'stack buy --task 1 --units 1000 --price 100', options: [task, option('--units <units>', 'compute units'), { ...price, description: `highest price: ${price.description}` }] },
    { task: u64Option, units: u64Option, price: u64Option },
    (o) => ({ kind: 'buy_stack', taskSmallId: o.task, computeUnits: o.units, price: o.price }),
  ),
  verb({
    name: 'stack settle',
    summary: 'Submit a stack for settlement, with the units that were acknowledged',
    example: 'stack settle --stack 7',
    options: [stack, optional('--units <units>', 'fewer units than were acknowledged')],
    signs: true,
    schema: z.strictObject({ stack: u64Option, units: u64Option.optional(), ...signingOptions }),
    run: async (context, { stack: stackSmallId, units, ...flags }) => {
      const claimedUnits = units ?? (await context.call('stacks.list', {})).find((one) => one.stackSmallId === stackSmallId)?.usedUnits;
      if (claimedUnits === undefined) throw new AppError('chain.rejected', { detail: `stack ${stackSmallId} is not known` });
      return signIntent(context, { kind: 'settle', stackSmallId, claimedUnits }, flags, units === undefined ? () => context.call('stacks.settle', { stackSmallId }) : undefined);
    },
  }),
  plain(
    { name: 'dispute', summary: 'Dispute an attested stack; its money is frozen for ever', example: `dispute --stack 7 --commitment ${'ab'.repeat(32)} --yes`, options: [stack, option('--commitment <hash>', 'your commitment, 64 hex digits')] },
    { stack: u64Option, commitment: hash32Option },
    (o) => ({ kind: 'dispute', stackSmallId: o.stack, commitment: o.commitment }),
  ),
  verb({
    name: 'claim',
    summary: 'Claim settled stacks: those named, or all that can be claimed now',
    example: 'claim --stacks 1,2,3',
    options: [optional('--stacks <ids>', 'numbers with commas; without it all claimable ones, at most 50'), optional('--units <units>', 'G2 confidential stacks: claim these units at once, one number for each stack')],
    signs: true,
    schema: z.strictObject({ stacks: u64ListOption.optional(), units: u64ListOption.optional(), ...signingOptions }),
    run: async (context, { stacks, units, ...flags }) => {
      if (units !== undefined) {
        if (stacks?.length !== units.length) throw new AppError('host.bad_flag', { detail: '--units needs one number for each of --stacks' });
        return signIntent(context, { kind: 'claim_direct', stackSmallIds: stacks, units }, flags);
      }
      const stackSmallIds = stacks ?? (await claimable(context));
      if (stackSmallIds.length === 0) return { json: { done: false, dryRun: flags.dryRun, add: null, preview: null, outcome: null }, lines: ['Nothing can be claimed now.'] };
      return signIntent(context, { kind: 'claim', stackSmallIds }, flags, () => context.call('stacks.claim', { stackSmallIds }));
    },
  }),
  plain({ name: 'withdraw-fees', summary: 'Withdraw what attesting earned', example: 'withdraw-fees' }, {}, () => ({ kind: 'withdraw_fees' })),
  plain({ name: 'disable', summary: 'Disable the node for good; the first half of leaving by hand', example: 'disable --yes' }, {}, () => ({ kind: 'disable' })),
  plain({ name: 'destroy', summary: 'Destroy a disabled node after its wait and get the collateral back', example: 'destroy --yes' }, {}, () => ({ kind: 'destroy' })),
  plain(
    {
      name: 'transfer',
      summary: 'Send SUI or the network\'s coin',
      example: `transfer --coin SUI --amount 1000000000 --to 0x${'0a'.repeat(32)} --yes`,
      options: [option('--coin <coin>', 'SUI, or network for the network\'s coin'), option('--amount <amount>', 'base units (1 SUI is 1000000000)'), option('--to <address>', 'who receives it')],
    },
    { coin: z.enum(['SUI', 'network']), amount: u64Option, to: addressSchema },
    (o) => ({ kind: 'transfer', coin: o.coin, amount: o.amount, to: o.to }),
  ),
];

const claimable = async ({ call }: VerbContext): Promise<bigint[]> =>
  (await call('stacks.list', {})).filter((one) => one.phase === 'claimable').map((one) => one.stackSmallId).slice(0, 50);
