/** Decodes the requests of one model together: each joins and leaves between two steps, with its own stop, seed and budget (issue: continuous batching). */
import type { Tensor } from 'onnxruntime-node';
import { type BatchCache, createBatchCache } from './batch-cache.ts';
import { type Claim, type Limits, admitted, mustRunAlone, prefillShares } from './batch-plan.ts';
import { type DecodeEnd, type DecodeInput, NOT_A_NUMBER, decode } from './decode-loop.ts';
import type { DecodeModel } from './loaded-model.ts';
import { type Prefill, createPrefill } from './prefill.ts';
import { logitsOf, runStep } from './run-step.ts';

/** How a decoding ended, and after how many tokens, the end token included. */
export type Decoded = { tokens: number; end: DecodeEnd };

/** The decoder of one loaded model. */
export type Decoder = {
  /**
   * Decodes until the model ends, the caller stops it, `maxTokens` are made or `signal` aborts, which is seen between two steps.
   * @throws signal.reason on abort; whatever the session throws, to everybody whose step it was
   */
  decode(input: DecodeInput): Promise<Decoded>;
};

/** A request on its way: `next` is the token that its next step takes. */
type Member = Claim & { input: DecodeInput; prefill: Prefill | null; made: number; next: number; settle(decoded: Decoded): void; fail(error: unknown): void };

/** Requests that share their runs; row n of the cache is that of member n. */
type Lane = { cache: BatchCache; members: Member[] };

/** Creates the decoder. Nothing runs while nobody asks. */
export function createDecoder(model: DecodeModel, limits: Omit<Limits, 'bytesPerEntry'>): Decoder {
  const waiting: Member[] = [];
  const newcomers: Member[] = [];
  const shared: Lane = { cache: createBatchCache(model), members: [] };
  let alone: Lane[] = [];
  let working = false;

  const lanes = (): Lane[] => [shared, ...alone].filter(({ members }) => members.length > 0);
  const running = (): Member[] => [...newcomers, ...lanes().flatMap(({ members }) => members)];

  const dropAborted = (): void => {
    for (const list of [waiting, newcomers]) {
      for (const member of list.filter(({ input }) => input.signal.aborted)) {
        list.splice(list.indexOf(member), 1);
        member.fail(member.input.signal.reason);
      }
    }
    for (const lane of lanes()) {
      lane.members.toReversed().forEach((member) => {
        if (!member.input.signal.aborted) return;
        leave(lane, member, false);
        member.fail(member.input.signal.reason);
      });
    }
  };

  const leave = (lane: Lane, member: Member, wipe: boolean): void => {
    const row = lane.members.indexOf(member);
    lane.cache.remove(row, wipe);
    // As in the cache, the last one takes the place of the one who leaves.
    const last = lane.members.pop() as Member;
    if (last !== member) lane.members[row] = last;
  };

  const prefillNewcomers = async (): Promise<void> => {
    const shares = prefillShares(newcomers.map(({ input, prefill }) => ({ done: prefill?.done() ?? 0, prompt: input.promptTokens.length })));
    for (const [i, member] of [...newcomers].entries()) {
      const share = shares[i] as number;
      if (share === 0) return;
      try {
        member.prefill ??= createPrefill(model, member.input.promptTokens);
        const logits = await member.prefill.advance(share);
        if (member.prefill.done() < member.input.promptTokens.length) return;
        newcomers.splice(newcomers.indexOf(member), 1);
        if (take(member, logits, 0)) join(member, member.prefill);
      } catch (caught) {
        if (newcomers.includes(member)) newcomers.splice(newcomers.indexOf(member), 1);
        member.fail(caught);
      }
    }
  };

  const join = (member: Member, prefill: Prefill): void => {
    const lane = member.alone ? { cache: createBatchCache(model), members: [] } : shared;
    lane.cache.insert(prefill.row());
    lane.members.push(member);
    member.prefill = null;
    if (member.alone) alone.push(lane);
  };

  /** Takes a row's next token; false when the request ends with it, and was answered. */
  const take = (member: Member, logits: Tensor, row: number): boolean => {
    const { pick, onToken, maxTokens } = member.input;
    const token = pick(logitsOf(logits, row));
    if (token < 0) throw new Error(NOT_A_NUMBER);
    member.made++;
    const end: DecodeEnd | null = model.endTokens.has(token) ? 'end_token' : onToken(token) ? 'stopped' : member.made >= maxTokens ? 'length' : null;
    if (end !== null) member.settle({ tokens: member.made, end });
    member.next = token;
    return end === null;
  };

  const step = async (lane: Lane): Promise<void> => {
    try {
      const outputs = await runStep(model, lane.cache.feeds(lane.members.map(({ next }) => next)));
      lane.cache.append(outputs);
      // From the last row to the first: who leaves then moves only a row that was seen already.
      lane.members.toReversed().forEach((member) => takeFrom(lane, member, outputs['logits'] as Tensor));
    } catch (caught) {
      for (const member of lane.members) member.fail(caught);
      lane.members = [];
      lane.cache = createBatchCache(model);
    }
  };
  const takeFrom = (lane: Lane, member: Member, logits: Tensor): void => {
    try {
      if (!take(member, logits, lane.members.indexOf(member))) leave(lane, member, false);
    } catch (caught) {
      leave(lane, member, true);
      member.fail(caught);
    }
  };

  const work = async (): Promise<void> => {
    working = true;
    while (waiting.length > 0 || newcomers.length > 0 || lanes().length > 0) {
      dropAborted();
      newcomers.push(...waiting.splice(0, admitted(running(), waiting, { ...limits, bytesPerEntry: model.bytesPerEntry })));
      await prefillNewcomers();
      for (const lane of lanes()) await step(lane);
      alone = alone.filter(({ members }) => members.length > 0);
    }
    working = false;
  };

  return {
    decode: async (input) => {
      input.signal.throwIfAborted();
      if (input.maxTokens <= 0) return { tokens: 0, end: 'length' };
      if (model.batching === 'none') return decode(model, input);
      return new Promise((settle, fail) => {
        const claim: Claim = { worstEntries: input.promptTokens.length + input.maxTokens, alone: mustRunAlone(model.batching, input.exact ?? false) };
        waiting.push({ ...claim, input, prefill: null, made: 0, next: 0, settle, fail });
        if (!working) void work();
      });
    },
  };
}
