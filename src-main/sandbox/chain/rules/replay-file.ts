/** Replays a recorded contract file of either generation and says where the rules and the recording part (format of contract-g1.json and contract-g2.json). */
import { z } from 'zod';
import { ImpossibleDraw, UnsupportedStep, verdictOf, viewState, wantedVerdict } from './recorded.ts';
import type { WantedAbort } from './recorded.ts';
import { createReplayWorld } from './replay-world.ts';

const abort = z.union([
  z.looseObject({ arithmetic_error: z.literal(true) }),
  z.object({ code: z.number(), module: z.string() }),
]);
const state = z.record(z.string(), z.unknown());
const step = z.looseObject({ op: z.string() });

/** A recorded file. */
export const recordedFileSchema = z.object({
  generation: z.enum(['G1', 'G2']),
  cases: z.array(
    z.object({
      id: z.string(),
      steps: z.array(step),
      expect: z.union([z.object({ abort }).strict(), z.object({ state }).strict()]),
    }),
  ),
  walks: z.array(
    z.object({
      id: z.string(),
      steps: z.array(step.extend({ expect: z.union([z.literal('ok'), z.object({ abort })]) })),
      final_state: state,
    }),
  ),
});
/** A recorded file, parsed. */
export type RecordedFile = z.infer<typeof recordedFileSchema>;

/** How one case or walk came out; `lines` are the differences, or why it could not be played. */
export interface Verdict {
  readonly id: string;
  readonly kind: 'agree' | 'differ' | 'unsupported';
  readonly lines: readonly string[];
}

const shown = (value: unknown): string =>
  JSON.stringify(value, (_key, part: unknown) => (typeof part === 'bigint' ? String(part) : part)) ?? 'nothing';

const fieldsOf = (value: unknown): Record<string, unknown> =>
  typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};

/** Every place where the state differs from the recorded one. Numbers compare as JSON numbers, whichever type holds them. */
export const differences = (want: unknown, got: unknown, at = ''): string[] => {
  if (typeof want === 'object' && want !== null && typeof got === 'object' && got !== null) {
    const keys = new Set([...Object.keys(want), ...Object.keys(got)]);
    return [...keys].flatMap((key) => differences(fieldsOf(want)[key], fieldsOf(got)[key], at ? `${at}.${key}` : key));
  }
  const number = (value: unknown): unknown => (typeof value === 'bigint' ? Number(value) : value);
  return number(want) === number(got) ? [] : [`${at}: want ${shown(want)}, got ${shown(got)}`];
};

type World = ReturnType<typeof createReplayWorld>;
interface Wanted {
  readonly raw: Record<string, unknown> & { readonly op: string };
  readonly abort: WantedAbort | undefined;
}

/** Plays the steps up to the first that does not come out as wanted; an aborted one must leave the state as it was. */
const play = (world: World, steps: readonly Wanted[]): string[] => {
  for (const [i, { raw, abort: wanted }] of steps.entries()) {
    const before = world.facts().world;
    const [got, want] = [verdictOf(world.apply(raw)), wantedVerdict(wanted)];
    if (shown(got) !== shown(want)) return [`step ${i} ${raw.op}: want ${shown(want)}, got ${shown(got)}`];
    if (got !== 'ok' && world.facts().world !== before) return [`step ${i} ${raw.op}: aborted, yet changed the state`];
  }
  return [];
};

const judge = (id: string, run: () => string[]): Verdict => {
  try {
    const lines = run();
    return { id, kind: lines.length === 0 ? 'agree' : 'differ', lines };
  } catch (error) {
    if (error instanceof UnsupportedStep) return { id, kind: 'unsupported', lines: [error.message] };
    if (error instanceof ImpossibleDraw) return { id, kind: 'differ', lines: [error.message] };
    throw error;
  }
};

/** Replays every case and walk, each in a fresh world. */
export const replayFile = ({ generation, cases, walks }: RecordedFile): Verdict[] => [
  ...cases.map(({ id, steps, expect }) =>
    judge(id, () => {
      const world = createReplayWorld(generation);
      const last = steps.length - 1;
      const abortAt = (i: number) => (i === last && 'abort' in expect ? expect.abort : undefined);
      const lines = play(
        world,
        steps.map((raw, i) => ({ raw, abort: abortAt(i) })),
      );
      return lines.length > 0 || !('state' in expect) ? lines : differences(expect.state, viewState(world.facts()));
    }),
  ),
  ...walks.map(({ id, steps, final_state }) =>
    judge(id, () => {
      const world = createReplayWorld(generation);
      const wanted = steps.map(({ expect, ...raw }) => ({
        raw,
        abort: expect === 'ok' ? undefined : expect.abort,
      }));
      const lines = play(world, wanted);
      const { last_tx_events: _events, last_refund_amount: _refund, ...end } = viewState(world.facts());
      return lines.length > 0 ? lines : differences(final_state, end);
    }),
  ),
];
