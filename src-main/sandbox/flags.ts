/** Command line of the sandbox process, read strictly: an unknown flag or a bad value is a plain sentence, not a default. */
import { parseArgs } from 'node:util';
import { z } from 'zod';

const wholeNumber = (least: number, most: number) => z.string().regex(/^\d{1,10}$/).transform(Number).pipe(z.number().min(least).max(most));
const port = wholeNumber(1, 65_535).optional();

const flagsSchema = z.object({
  'data-dir': z.string().min(1).default('.cache/sandbox'),
  fresh: z.boolean().default(false),
  generation: z.enum(['g1', 'g2']).optional(),
  json: z.boolean().default(false),
  parent: z.boolean().default(false),
  port,
  'link-port': port,
  'control-port': port,
  /** 0: epochs pass by hand only. */
  'epoch-ms': wholeNumber(0, 2_147_483_647).optional(),
  'seed-demand': z.enum(['on', 'off']).optional(),
  'heartbeat-ms': wholeNumber(1_000, 120_000).optional(),
  'all-roles': z.boolean().default(false),
  'task-model': z.string().min(1).max(200).optional(),
  prompts: z.string().min(1).optional(),
  'second-node': z.string().min(1).optional(),
  help: z.boolean().default(false),
});

/** Flags as given. */
export type SandboxFlags = z.output<typeof flagsSchema>;

/** What `--help` prints. */
export const usage = `sandbox: the embedded network (chain, coordinator, buyers) on 127.0.0.1
  --data-dir DIR        where it keeps its databases (default .cache/sandbox)
  --fresh               start anew: removes its databases first
  --generation g1|g2    contract generation of a new network (default: as last time, else g1)
  --json                print one line of JSON with everything another program needs
  --port N              port of the chain's gRPC-web (default: as last time, else any)
  --link-port N         port of the coordinator's WebSocket
  --control-port N      port of the control API
  --epoch-ms N          length of an epoch; 0 = by hand (default: as last time, else by hand)
  --seed-demand on|off  whether buyers are at work (default: as last time, else on)
  --heartbeat-ms N      heartbeat interval the coordinator asks for (default 30000)
  --all-roles           also offer tasks for embeddings, vision and speech
  --task-model NAME     also offer a task of the model with this name on a new network
  --prompts FILE        {"prompt","answer"} lines that buyers send
  --second-node FILE    module of the second node's process (default: the one beside this)
  --parent              end when the process that started this one goes
`;

/** Reads the arguments behind the script's name; throws an Error with a sentence when they do not fit. */
export function parseSandboxFlags(args: readonly string[]): SandboxFlags {
  const text = { type: 'string' } as const;
  const flag = { type: 'boolean' } as const;
  const { values } = parseArgs({
    args: [...args],
    strict: true,
    allowPositionals: false,
    options: { 'data-dir': text, fresh: flag, generation: text, json: flag, parent: flag, port: text, 'link-port': text, 'control-port': text, 'epoch-ms': text, 'seed-demand': text, 'heartbeat-ms': text, 'all-roles': flag, 'task-model': text, prompts: text, 'second-node': text, help: flag },
  });
  const parsed = flagsSchema.safeParse(values);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw new Error(`--${issue?.path.join('.') ?? '?'}: ${issue?.message ?? 'bad value'}`);
}
