/** Tables of the dormant prompt flow's rules: who is drawn, what is charged, each abort in its order, commitments, cross validation, time that passes, settlement, disputes (protocol.md 2.5, 2.6, 5.10). */
import { blake2b } from '@noble/hashes/blake2.js';
import { describe, expect, it } from 'vitest';
import type { Generation } from '../../../../src-shared/atoma/index.ts';
import { drawEchelon, drawNodes } from './echelon-nodes.ts';
import { freshWorld, sendPrompt, settleDispute, submitCommitment, tryToSettle } from './index.ts';
import { NotExecuted, attempt } from './outcome.ts';
import type { Draws, Effect, RuleContext } from './outcome.ts';
import type { EchelonRecord, NodeRecord, World } from './world.ts';
import type { PromptRequest } from './prompts.ts';

const TICKET = `0x${'7'.repeat(64)}`;
const node = (over: Partial<NodeRecord> = {}): NodeRecord => ({
  disabledInEpoch: null,
  collateral: 1_000n,
  lastFeeEpoch: 0n,
  lastFeeEpochAmount: 0n,
  availableFeeAmount: 0n,
  reputation: 50,
  subscriptions: new Set(),
  models: new Map(),
  keyCommitment: null,
  ...over,
});
const echelon = (id: bigint, nodes: readonly bigint[], over: Partial<EchelonRecord> = {}): EchelonRecord => ({
  id,
  settlementTimeoutMs: 60_000n,
  inputFeePerToken: 2n,
  outputFeePerToken: 3n,
  relativePerformance: 1n,
  oracles: [],
  nodes,
  ...over,
});
/** Nodes 1 to 4, and a text model with the echelons given. */
const worldOf = (echelons: readonly EchelonRecord[], nodes: ReadonlyMap<bigint, NodeRecord> = new Map()): World => ({
  ...freshWorld('G1'),
  nodes: new Map([1n, 2n, 3n, 4n].map((id) => [id, nodes.get(id) ?? node()])),
  models: new Map([['llama', { modality: 0n, isDisabled: false, echelons }]]),
  feeTreasury: 1_000_000n,
});
/** Draws the numbers given, then zeros. */
const drawing = (...numbers: readonly (bigint | number)[]): Draws => {
  const left = numbers.map(BigInt);
  return { pick: () => 0, permille: () => 1n, nonce: () => left.shift() ?? 0n };
};
const context = (draws: Draws = drawing(), over: Partial<RuleContext> = {}): RuleContext => ({
  sender: 'USER',
  epoch: 5n,
  epochStartMs: 1_800_000_000_000n,
  draws,
  ...over,
});
/** The draw of an echelon takes four numbers. */
const firstEchelon = [0, 0, 0, 0];

const text = (over: Partial<PromptRequest> & { readonly model?: string } = {}): PromptRequest => ({
  ticketId: TICKET,
  prompt: {
    kind: 'text',
    params: {
      maxTokens: 100n,
      model: over.model ?? 'llama',
      prePromptTokens: [1, 2],
      prependOutputWithInput: false,
      prompt: new Uint8Array(8),
      randomSeed: 9n,
      repeatLastN: 1n,
      repeatPenalty: 0,
      shouldStreamOutput: false,
      temperature: 0,
      topK: 1n,
      topP: 0,
    },
  },
  maxInputFee: 10n,
  maxOutputFee: 10n,
  nodes: 1n,
  outputDestination: new Uint8Array([4]),
  walletAmount: 1_000_000n,
  ...over,
});
/** What became of a rule, in a word. */
const verdict = (rule: () => Effect): string => {
  const outcome = attempt(rule);
  if (outcome.ok) return 'ok';
  return outcome.abort.kind === 'move' ? `${outcome.abort.module} ${outcome.abort.code % 1_000n}` : outcome.abort.kind;
};
const done = (rule: () => Effect): Effect => {
  const outcome = attempt(rule);
  if (!outcome.ok) throw new Error(verdict(rule));
  return outcome.effect;
};
const names = (effect: Effect): readonly string[] => effect.promptEvents.map((event) => event.name);

describe('the draw of an echelon', () => {
  const ids = (from: number, count: number): bigint[] => Array.from({ length: count }, (_, at) => BigInt(from + at));
  const three = [echelon(1n, ids(1, 10)), echelon(2n, ids(1, 1)), echelon(3n, ids(1, 5), { relativePerformance: 7n })];
  const wish = { maxInputFee: 2n, maxOutputFee: 3n, nodes: 1n };
  it.each([
    [[0], 1n],
    [[9], 1n],
    [[10], 2n],
    [[11], 3n],
    [[45], 3n],
    [[46], 1n],
    [[5], 1n],
    // 256 bits: the second number counts 2⁶⁴, which is 6 more here.
    [[5, 1], 3n],
  ])('weighs nodes times performance: %s draws echelon %s', (numbers, drawn) => {
    expect(drawEchelon(three, wish, drawing(...numbers)).id).toBe(drawn);
  });
  it.each([
    ['an input fee over the cap', { ...wish, maxInputFee: 1n }],
    ['an output fee over the cap', { ...wish, maxOutputFee: 2n }],
    ['more nodes than any has', { ...wish, nodes: 11n }],
  ])('passes over %s', (_, asked) => {
    expect(verdict(() => drawEchelon(three, asked, drawing()) as never)).toBe('atoma::gate 100');
  });
});

describe('the draw of nodes', () => {
  const many = Array.from({ length: 10 }, (_, at) => BigInt(at + 1));
  const all: World = { ...worldOf([]), nodes: new Map(many.map((id) => [id, node()])) };
  const without = (...gone: readonly bigint[]): World => ({
    ...all,
    nodes: new Map(many.map((id) => [id, node(gone.includes(id) ? { disabledInEpoch: 1n } : {})])),
  });
  it.each([
    [3n, [0, 0, 0], [10n, 6n, 3n]],
    [3n, [3, 2, 2], [7n, 4n, 1n]],
    [1n, [10], [10n]],
    [10n, [], [10n, 9n, 8n, 7n, 6n, 5n, 4n, 3n, 2n, 1n]],
  ])('takes %s of equal parts from the end: %s gives %s', (count, numbers, drawn) => {
    expect(drawNodes(all, [...many], count, drawing(...numbers))).toEqual(drawn);
  });
  it('takes those it cannot use out of the list, and then may give more than asked', () => {
    const list = [1n, 2n, 3n];
    expect(drawNodes(without(1n), list, 1n, drawing(2, 0, 1, 1, 1, 1))).toEqual([3n, 2n]);
    expect(list).toEqual([3n, 2n]);
  });
  it('passes over nodes without collateral and nodes that are gone', () => {
    const poor: World = { ...all, nodes: new Map([[2n, node({ collateral: 0n })]]) };
    const list = [1n, 2n];
    expect(drawNodes(poor, list, 1n, drawing())).toEqual([]);
    expect(list).toEqual([]);
  });
  it('never ends where fewer can be used than asked: the gas does', () => {
    expect(verdict(() => drawNodes(without(1n), [1n, 2n], 2n, drawing()) as never)).toBe('gas');
  });
  it('does not say what G2 makes of nodes without collateral', () => {
    const other: World = {
      ...all,
      generation: 'G2' satisfies Generation,
      nodes: new Map([[1n, node({ collateral: 0n })]]),
    };
    expect(() => drawNodes(other, [1n], 1n, drawing())).toThrow(NotExecuted);
  });
});

describe('sending a prompt', () => {
  const usual = worldOf([echelon(1n, [1n, 2n, 3n])]);
  const disabled = new Map([1n, 2n, 3n].map((id) => [id, node({ disabledInEpoch: 1n })]));
  const switchedOff: World = {
    ...usual,
    models: new Map([['llama', { modality: 0n, isDisabled: true, echelons: [] }]]),
  };
  const pictures: World = { ...usual, models: new Map([['llama', { modality: 1n, isDisabled: true, echelons: [] }]]) };
  const dear = worldOf([echelon(1n, [1n], { outputFeePerToken: 2n ** 63n })]);
  it.each<[string, World, PromptRequest, string]>([
    ['an unknown model', usual, text({ model: 'mistral' }), 'sui::dynamic_field 1'],
    ['another kind of model, before it is asked whether it is disabled', pictures, text(), 'atoma::gate 102'],
    ['a disabled model, before the count is looked at', switchedOff, text({ nodes: 257n }), 'atoma::db 1'],
    ['too many nodes, before an echelon is looked for', usual, text({ nodes: 257n }), 'atoma::gate 101'],
    ['no echelon', usual, text({ nodes: 256n }), 'atoma::gate 100'],
    ['no node at all', usual, text({ nodes: 0n }), 'atoma::db 14'],
    ['no node of an empty echelon', worldOf([echelon(1n, [])]), text({ nodes: 0n }), 'arithmetic'],
    ['a fee past 64 bits', dear, text({ maxOutputFee: 2n ** 63n }), 'arithmetic'],
    [
      'too little money, before it is asked for nodes',
      worldOf([echelon(1n, [1n])], disabled),
      text({ walletAmount: 1n }),
      'sui::balance 2',
    ],
    ['nodes that are all disabled', worldOf([echelon(1n, [1n, 2n, 3n])], disabled), text(), 'atoma::settlement 206'],
  ])('refuses %s', (_, world, request, expected) => {
    expect(verdict(() => sendPrompt(world, context(), request))).toBe(expected);
  });

  it('refuses a cross validation of two, which a draw that met a disabled node can give', () => {
    const world = worldOf([echelon(1n, [1n, 2n, 3n])], new Map([[1n, node({ disabledInEpoch: 1n })]]));
    const unlucky = () => context(drawing(...firstEchelon, 2, 0, 1));
    expect(verdict(() => sendPrompt(world, unlucky(), text({ nodes: null })))).toBe('atoma::settlement 207');
    const sent = done(() => sendPrompt(world, unlucky(), text({ nodes: 1n })));
    // One was paid for, two must commit.
    expect(sent.charge).toBe(320n);
    expect(sent.promptEvents[0]).toMatchObject({ fields: { chunksCount: 2n, nodes: [3n, 2n] } });
    expect(sent.world.models.get('llama')?.echelons[0]?.nodes).toEqual([3n, 2n]);
  });

  it.each<[string, PromptRequest['nodes'], Partial<World['settings']>, bigint, bigint]>([
    ['each of two nodes', 2n, {}, 640n, 2n],
    ['one, and 1 % of the one extra', null, {}, 323n, 2n],
    [
      'one, and half of four extra',
      null,
      { crossValidationProbabilityPermille: 500n, crossValidationExtraNodesCount: 4n },
      960n,
      5n,
    ],
    ['one alone', 1n, {}, 320n, 1n],
  ])('charges %s', (_, nodes, settings, charge, chunksCount) => {
    // (2 tokens + 8 bytes) × 2 + 100 tokens × 3 = 320 a node.
    const world = { ...usual, settings: { ...usual.settings, ...settings } };
    const sent = done(() => sendPrompt(world, context(), text({ nodes })));
    expect(sent.charge).toBe(charge);
    expect(sent.world.feeTreasury).toBe(1_000_000n + charge);
    expect(sent.promptEvents[0]).toMatchObject({
      name: 'Text2TextPromptEvent',
      fields: { ticketId: TICKET, chunksCount },
    });
    expect(sent.world.prompts.get(TICKET)).toMatchObject({
      echelon: 1n,
      collectedFee: charge,
      payer: 'USER',
      timeout: {
        timedOutCount: 0n,
        timeoutMs: 60_000n,
        startedInEpoch: 5n,
        startedAtEpochTimestampMs: 1_800_000_000_000n,
      },
      crossValidation: nodes === null ? { howManyExtraNodes: chunksCount - 1n } : null,
    });
  });
});

describe('settling a prompt', () => {
  const hash = (byte: number) => new Uint8Array(32).fill(byte);
  const rootOf = (...bytes: readonly number[]) =>
    blake2b(Uint8Array.from(bytes.flatMap((byte) => [...hash(byte)])), { dkLen: 32 });
  const commitment = (by: bigint, byte: number, merkleRoot: Uint8Array, over: object = {}) => ({
    node: by,
    ticketId: TICKET,
    inputTokens: 7n,
    outputTokens: 50n,
    merkleRoot,
    chunkHash: hash(byte),
    ...over,
  });
  const commit = (world: World, given: ReturnType<typeof commitment>, at = context()): Effect =>
    done(() => submitCommitment(world, at, given));
  /** A prompt for nodes 3, 2 and 1 in this order, or the first of them; null for one with a chance of more. */
  const sent = (nodes: bigint | null, settings: Partial<World['settings']> = {}): World => {
    const world = worldOf([echelon(1n, nodes === 2n ? [2n, 1n, 3n] : [1n, 2n, 3n])]);
    return done(() =>
      sendPrompt({ ...world, settings: { ...world.settings, ...settings } }, context(), text({ nodes })),
    ).world;
  };
  const next = (draws: Draws = drawing()) => context(draws, { epoch: 6n, epochStartMs: 1_800_086_400_000n });

  it('pays everybody the same under the epoch lock when the root fits the leaves, in whatever order they came', () => {
    const root = rootOf(3, 2, 1);
    const first = commit(sent(3n), commitment(1n, 1, root));
    expect(first.promptEvents).toEqual([{ name: 'FirstSubmissionEvent', fields: { ticketId: TICKET, nodeId: 1n } }]);
    const leaves = first.world.prompts.get(TICKET)?.merkleLeaves ?? new Uint8Array();
    expect([leaves.length, leaves[0], leaves[63], leaves[64]]).toEqual([96, 0, 0, 1]);
    const second = commit(first.world, commitment(3n, 3, root));
    expect(names(second)).toEqual([]);
    const last = commit(second.world, commitment(2n, 2, root));
    expect(last.promptEvents).toEqual([{ name: 'SettledEvent', fields: { ticketId: TICKET, oracleNodeId: null } }]);
    // 960 were taken; 3 × (7 × 2 + 50 × 3) = 492 are owed.
    expect(last.payouts).toEqual([{ to: 'USER', amount: 468n }]);
    expect(last.world.feeTreasury).toBe(1_000_000n + 492n);
    for (const id of [1n, 2n, 3n])
      expect(last.world.nodes.get(id)).toMatchObject({
        lastFeeEpoch: 5n,
        lastFeeEpochAmount: 164n,
        availableFeeAmount: 0n,
      });
    expect(last.world.prompts.size).toBe(0);
    expect(verdict(() => tryToSettle(last.world, context(), TICKET))).toBe('sui::dynamic_field 1');
  });

  it('shares out no more than was taken, and leaves a destroyed node’s share where it is', () => {
    const root = rootOf(3, 2, 1);
    const counts = { outputTokens: 1_000n };
    const two = [3n, 2n].reduce((world, id) => commit(world, commitment(id, Number(id), root, counts)).world, sent(3n));
    const gone = { ...two, nodes: new Map([...two.nodes].filter(([id]) => id !== 2n)) };
    const last = commit(gone, commitment(1n, 1, root, counts));
    expect(last.payouts).toEqual([]);
    expect(last.world.nodes.get(1n)?.lastFeeEpochAmount).toBe(320n);
    expect(last.world.nodes.has(2n)).toBe(false);
    expect(last.world.feeTreasury).toBe(1_000_960n);
  });

  it.each<[string, World, ReturnType<typeof commitment>, string]>([
    ['a root of another length', sent(1n), commitment(3n, 1, new Uint8Array(31)), 'atoma::settlement 203'],
    [
      'a chunk of another length',
      sent(1n),
      commitment(3n, 1, hash(1), { chunkHash: hash(1).slice(1) }),
      'atoma::settlement 203',
    ],
    ['an unknown ticket', worldOf([]), commitment(3n, 1, hash(1)), 'sui::dynamic_field 1'],
    ['a node that was not asked', sent(1n), commitment(4n, 1, hash(1)), 'atoma::settlement 200'],
    [
      'a node that has committed',
      commit(sent(2n), commitment(3n, 1, hash(1))).world,
      commitment(3n, 1, hash(1)),
      'atoma::settlement 201',
    ],
  ])('refuses %s', (_, world, given, expected) => {
    expect(verdict(() => submitCommitment(world, context(), given))).toBe(expected);
  });

  it.each<[string, ReturnType<typeof commitment>, bigint | null]>([
    ['another count of input', commitment(2n, 2, rootOf(3, 2), { inputTokens: 8n }), 2n],
    ['another count of output and another root, told once', commitment(2n, 2, hash(9), { outputTokens: 1n }), 2n],
    ['another root', commitment(2n, 2, hash(9)), null],
  ])('opens a dispute in which others may commit for %s', (_, given, by) => {
    const first = commit(sent(2n), commitment(3n, 3, rootOf(3, 2)));
    const second = commit(first.world, given);
    const ticket = second.world.prompts.get(TICKET);
    expect(second.promptEvents).toEqual([
      { name: 'DisputeEvent', fields: { ticketId: TICKET, timeout: ticket?.timeout } },
    ]);
    expect(ticket).toMatchObject({ isDisputed: true, tokenCountsDisputedBy: by, completed: [3n, 2n], inputTokens: 7n });
    expect(names(done(() => tryToSettle(second.world, next(), TICKET)))).toEqual([]);
  });

  it('opens a dispute when all agree on a root that the leaves do not have', () => {
    const first = commit(sent(2n), commitment(3n, 3, hash(9)));
    const second = commit(first.world, commitment(2n, 2, hash(9)));
    expect(second.promptEvents).toEqual([{ name: 'DisputeEvent', fields: { ticketId: TICKET, timeout: null } }]);
  });

  it('takes one node’s word when the inverted chance does not strike', () => {
    // A chance of 10 permille is not below a draw of 10.
    const paid = commit(sent(null), commitment(3n, 3, hash(9)), context(drawing(1_010)));
    expect(names(paid)).toEqual(['FirstSubmissionEvent', 'SettledEvent']);
    expect(paid.payouts).toEqual([{ to: 'USER', amount: 323n - 164n }]);
  });

  it('draws extra nodes when it strikes, which cannot commit; then the one leaf decides', () => {
    const struck = (root: Uint8Array) => commit(sent(null), commitment(3n, 3, root), context(drawing(11)));
    const more = struck(hash(9));
    expect(more.promptEvents[1]).toEqual({
      name: 'NewlySampledNodesEvent',
      fields: { ticketId: TICKET, newNodes: [{ nodeId: 1n, order: 1n }] },
    });
    expect(more.world.prompts.get(TICKET)).toMatchObject({ all: [3n], crossValidation: null });
    expect(verdict(() => submitCommitment(more.world, context(), commitment(1n, 1, hash(9))))).toBe(
      'atoma::settlement 200',
    );
    expect(names(done(() => tryToSettle(more.world, context(), TICKET)))).toEqual(['DisputeEvent']);
    expect(names(done(() => tryToSettle(struck(rootOf(3)).world, context(), TICKET)))).toEqual(['SettledEvent']);
  });

  it('drops one of the extra nodes when the committed one was not drawn', () => {
    // Two parts of the list: nodes 3 and 2 in the first, node 1 in the second; 2 instead of 3 is drawn.
    const more = commit(sent(null), commitment(3n, 3, hash(9)), context(drawing(11, 1)));
    expect(more.promptEvents[1]).toMatchObject({ fields: { newNodes: [{ nodeId: 2n, order: 1n }] } });
  });

  it('tells to try again with too few nodes, and then takes the one node’s word', () => {
    const before = sent(null, { crossValidationExtraNodesCount: 2n });
    const alone = {
      ...before,
      nodes: new Map([...before.nodes].map(([id, one]) => [id, { ...one, disabledInEpoch: 1n }])),
    };
    const again = commit(alone, commitment(3n, 3, hash(9)), context(drawing(999)));
    expect(again.promptEvents[1]).toEqual({
      name: 'RetrySettlementEvent',
      fields: { ticketId: TICKET, howManyNodesInEchelon: 2n },
    });
    expect(again.world.prompts.get(TICKET)?.crossValidation).toEqual({
      probabilityPermille: 1_000n,
      howManyExtraNodes: 2n,
    });
    expect(names(done(() => tryToSettle(again.world, context(drawing(999)), TICKET)))).toEqual(['SettledEvent']);
  });

  it('waits within an epoch whatever the timeout, and replaces the silent after it', () => {
    const world = commit(sent(2n), commitment(3n, 3, rootOf(3, 2))).world;
    expect(done(() => tryToSettle(world, context(), TICKET)).world.prompts.get(TICKET)).toEqual(
      world.prompts.get(TICKET),
    );
    const late = done(() => tryToSettle(world, next(drawing(1)), TICKET));
    expect(late.promptEvents).toEqual([
      { name: 'NewlySampledNodesEvent', fields: { ticketId: TICKET, newNodes: [{ nodeId: 1n, order: 1n }] } },
    ]);
    expect([1n, 2n, 3n].map((id) => late.world.nodes.get(id)?.collateral)).toEqual([1_000n, 900n, 1_000n]);
    expect(late.world.communalTreasury).toBe(100n);
    expect(late.world.prompts.get(TICKET)).toMatchObject({
      all: [3n, 1n],
      timeout: { timedOutCount: 0n, startedInEpoch: 6n, startedAtEpochTimestampMs: 1_800_086_400_000n },
    });
    const settled = commit(late.world, commitment(1n, 2, rootOf(3, 2)), next());
    expect(names(settled)).toEqual(['SettledEvent']);
  });

  it('is in dispute when nobody is left to take the silent one’s place', () => {
    const world = sent(1n);
    const nobody = {
      ...world,
      nodes: new Map([...world.nodes].map(([id, one]) => [id, { ...one, disabledInEpoch: 1n }])),
    };
    const late = done(() => tryToSettle(nobody, next(), TICKET));
    expect(late.promptEvents).toEqual([{ name: 'DisputeEvent', fields: { ticketId: TICKET, timeout: null } }]);
    expect(late.world.communalTreasury).toBe(100n);
    expect(late.world.models.get('llama')?.echelons[0]?.nodes).toEqual([]);
  });

  it('needs the echelon to replace anybody', () => {
    const world = sent(1n);
    const without = { ...world, models: new Map([['llama', { modality: 0n, isDisabled: false, echelons: [] }]]) };
    expect(verdict(() => tryToSettle(without, next(), TICKET))).toBe('atoma::db 5');
    expect(verdict(() => tryToSettle({ ...world, models: new Map() }, next(), TICKET))).toBe('sui::dynamic_field 1');
  });

  describe('an oracle’s word', () => {
    const open = commit(commit(sent(2n), commitment(3n, 3, hash(9))).world, commitment(2n, 2, hash(9))).world;
    const withOracle: World = {
      ...open,
      models: new Map([
        ['llama', { modality: 0n, isDisabled: false, echelons: [echelon(1n, [1n], { oracles: [4n] })] }],
      ]),
    };
    const word = { node: 4n, ticketId: TICKET, leaves: new Uint8Array(64) };
    it.each<[string, World, RuleContext, typeof word, string]>([
      ['an unknown ticket', worldOf([]), next(), word, 'sui::dynamic_field 1'],
      ['no dispute', sent(2n), next(), word, 'atoma::settlement 202'],
      ['a time that is not over', withOracle, context(), word, 'atoma::settlement 202'],
      [
        'leaves of another length, before it is asked who speaks',
        open,
        next(),
        { ...word, leaves: new Uint8Array(32) },
        'atoma::settlement 204',
      ],
      ['somebody who is no oracle', open, next(), word, 'atoma::settlement 205'],
      [
        'an echelon that is gone',
        { ...open, models: new Map([['llama', { modality: 0n, isDisabled: false, echelons: [] }]]) },
        next(),
        word,
        'atoma::db 5',
      ],
      ['a true oracle too: the counts are looked for twice', withOracle, next(), word, 'std::option 145'],
    ])('fails for %s', (_, world, at, given, expected) => {
      expect(verdict(() => settleDispute(world, at, given))).toBe(expected);
    });
    it('is not told where the shares might overflow first', () => {
      const rich = { ...withOracle, nodes: new Map([[3n, node({ collateral: 2n ** 60n })]]) };
      expect(() => settleDispute(rich, next(), word)).toThrow(NotExecuted);
    });
  });
});
