/** What G2 does otherwise and the recorded sample does not show: invitations, list cleaning, disputes, keys, waits (protocol.md 2.3, 2.7, 5.1, 5.6). */
import { describe, expect, it } from 'vitest';
import { G1_DB_ABORTS, G2_DB_ABORTS } from '../../../../src-shared/atoma/index.ts';
import type { Generation } from '../../../../src-shared/atoma/index.ts';
import * as rules from './index.ts';
import type { Effect, RuleContext, World } from './index.ts';
import { createReplayWorld } from './replay-world.ts';

const first = { pick: () => 0, permille: () => 1n, nonce: () => 0n };
const context: RuleContext = { sender: 'N1', epoch: 3n, epochStartMs: 0n, draws: first };
const run = (rule: () => Effect): World | string => {
  const outcome = rules.attempt(rule);
  if (outcome.ok) return outcome.effect.world;
  return outcome.abort.kind !== 'move' ? outcome.abort.kind : `${outcome.abort.module} ${outcome.abort.code % 1_000n}`;
};
/** Plays steps from the start; the last one's abort as module and offset, or `ok`, and the state. */
const played = (steps: readonly object[], generation: Generation = 'G2') => {
  const replay = createReplayWorld(generation, first);
  const aborts = steps.map((step) => replay.apply(step));
  expect(aborts.slice(0, -1)).toEqual(aborts.slice(0, -1).map(() => null));
  const last = aborts.at(-1);
  const end = !last ? 'ok' : last.kind !== 'move' ? last.kind : `${last.module} ${last.code % 1_000n}`;
  return { end, world: replay.facts().world };
};

const nodes = ['N1', 'N2', 'N3'].map((by) => ({ op: 'register_node', by }));
const task = (security: string, more: object = {}) => ({ op: 'create_task', role: 0, security, ...more });
const subscribe = (by: string) => ({ op: 'subscribe', by, task: 1, price: 5 });
const money = { op: 'mint', to: 'USER', amount: 1_000_000 };
const buy = { op: 'acquire', by: 'USER', task: 1, units: 100, price: 1_000_000 };
const settle = { op: 'settle', by: 'N1', stack: 1, units: 1, proof: '01'.repeat(32), leaf: '02'.repeat(32) };
const epochs = (n: number) => ({ op: 'advance_epochs', n });

describe('terms', () => {
  it.each([
    ['reputation', 'ENodeDoesNotMeetTaskRequirements'],
    ['units', 'EInvalidComputeUnits'],
    ['funds', 'EInsufficientBalance'],
    ['proof', 'EInvalidCommittedStackProof'],
    ['leaf', 'EInvalidStackMerkleLeaf'],
    ['minimumReputation', 'EInvalidMinimumReputationScore'],
  ] as const)('number the %s check as the abort tables do', (check, name) => {
    expect(G1_DB_ABORTS[rules.termsOf('G1').offsets[check]]?.name).toBe(name);
    expect(G2_DB_ABORTS[rules.termsOf('G2').offsets[check]]?.name).toBe(name);
  });
});

describe('a private task', () => {
  const hidden = [...nodes, task('none', { public: false })];
  const admit = { op: 'whitelist', task: 1, node: 1 };
  it('takes invited nodes only, before it looks at anything else but the reputation', () => {
    expect(played([...hidden, subscribe('N1')]).end).toBe('atoma::db 45');
    expect(played([...hidden, { op: 'deprecate_task' }, subscribe('N1')]).end).toBe('atoma::db 45');
    expect(played([...hidden, admit, subscribe('N1')]).end).toBe('ok');
    expect(played([...hidden, admit, subscribe('N2')]).end).toBe('atoma::db 45');
  });
  it('alone has a whitelist', () => {
    expect(played([...nodes, task('none'), admit]).end).toBe('atoma::db 44');
    expect(played([admit]).end).toBe('atoma::db 17');
  });
});

describe('a purchase after a node left', () => {
  const left = [
    ...nodes,
    task('none'),
    ...['N1', 'N2', 'N3'].map(subscribe),
    { op: 'unsubscribe', by: 'N1', task: 1 },
    money,
  ];
  it('cleans the list, the last number filling the gap, where G1 trips', () => {
    const { end, world } = played([...left, buy]);
    expect([end, world.tasks.get(1n)?.nodeList]).toEqual(['ok', [3n, 2n]]);
  });
  it('finds nobody once all have left, and then cleans nothing', () => {
    const rest = ['N2', 'N3'].map((by) => ({ op: 'unsubscribe', by, task: 1 }));
    const { end, world } = played([...left, ...rest, buy]);
    expect([end, world.tasks.get(1n)?.nodeList.length]).toEqual(['atoma::db 22', 3]);
  });
  it('refuses more than the fixed capacity', () => {
    expect(played([...left, { ...buy, units: 1_000_001, price: 10 }]).end).toBe('atoma::db 22');
  });
});

describe('a dispute', () => {
  const dispute = { op: 'dispute', by: 'N2', stack: 1 };
  const settled = (security: string) => [...nodes, task(security), subscribe('N1'), money, buy, settle];
  it('needs sampling consensus and happens once', () => {
    expect(played([...settled('none'), dispute]).end).toBe('atoma::db 47');
    expect(played([...settled('confidential'), dispute]).end).toBe('atoma::db 47');
    expect(played([...settled('sampling'), dispute]).end).toBe('ok');
    expect(played([...settled('sampling'), dispute, dispute]).end).toBe('atoma::db 46');
  });
  it('is not opened a second time by an attestation either', () => {
    const wrong = { op: 'attest', by: 'N1', stack: 1, proof: '09'.repeat(32), leaf: '02'.repeat(32) };
    expect(played([...settled('sampling'), wrong]).world.tickets.get(1n)?.inDispute).toBe(true);
    expect(played([...settled('sampling'), dispute, wrong]).end).toBe('atoma::db 46');
  });
});

describe('the direct claim', () => {
  const bought = (security: string) => [...nodes, task(security), subscribe('N1'), money, buy];
  const claim = (stacks: number[], units: number[]) => ({ op: 'claim_confidential', by: 'N1', stacks, units });
  it('pays confidential stacks alone, at once and within their size', () => {
    expect(played([...bought('confidential'), claim([1], [40])]).end).toBe('ok');
    expect(played([...bought('confidential'), claim([1], [101])]).end).toBe('atoma::db 52');
    expect(played([...bought('confidential'), claim([1], [])]).end).toBe('atoma::db 52');
    expect(played([...bought('none'), claim([1], [40])]).end).toBe('atoma::db 51');
    expect(played([...bought('confidential'), claim([2], [40])]).end).toBe('sui::dynamic_field 1');
  });
  it('leaves a ticket that can never be claimed', () => {
    const claimed = [...bought('confidential'), claim([1], [40]), settle, epochs(1)];
    expect(played([...claimed, { op: 'claim', by: 'N1', stacks: [1] }]).end).toBe('atoma::db 53');
  });
});

describe('removing a task', () => {
  it.each([
    ['remove_deprecated_task', {}, 0, 'atoma::db 19'],
    ['remove_deprecated_task', {}, 1, 'ok'],
    ['admin_remove_task', { task: 1 }, 1, 'atoma::db 19'],
    ['admin_remove_task', { task: 1 }, 2, 'ok'],
  ])('%s %o after %i epochs: %s', (op, more, n, end) => {
    expect(played([task('none'), { op: 'deprecate_task' }, epochs(n), { op, ...more }]).end).toBe(end);
  });
});

describe('keys', () => {
  const start = played(nodes).world;
  const key = (byte: number) => new Uint8Array(32).fill(byte);
  const request = { node: 1n, publicKey: key(1), evidence: key(7), counter: 0n, deviceType: 300 };
  const commit = (world: World, more: object = {}) =>
    run(() => rules.rotateNodeKey(world, context, { ...request, ...more }));
  const after = (world: World | string): World => (typeof world === 'string' ? expect.fail(world) : world);
  const held = (world: World | string) => after(world).nodes.get(1n)?.keyCommitment;

  it('are called for by a counter and a nonce', () => {
    const outcome = rules.attempt(() => rules.rotateNetworkKey(start, context, 99n));
    expect(outcome.ok && [outcome.effect.world.keyRotation, outcome.effect.events]).toEqual([
      { counter: 1n, nonce: 99n },
      [{ name: 'NewKeyRotationEvent', fields: { keyRotationCounter: 1n, epoch: 3n, nonce: 99n } }],
    ]);
  });
  it('must fit the device slots and the counter', () => {
    expect(commit(start, { deviceType: 16_000 })).toBe('atoma::db 48');
    expect(held(commit(start, { deviceType: 15_999 }))?.deviceTypes).toEqual([15_999]);
    expect(commit(start, { counter: 1n })).toBe('atoma::db 49');
    const rotated = after(run(() => rules.rotateNetworkKey(start, context, 1n)));
    expect(commit(rotated)).toBe('atoma::db 49');
    expect(held(commit(rotated, { counter: 1n }))?.counter).toBe(1n);
    expect(commit(start, { node: 9n })).toBe('sui::dynamic_field 1');
  });
  it('are one for all devices of a rotation; a listed device keeps its own silently', () => {
    const once = after(commit(start));
    expect(commit(once, { deviceType: 10_000, publicKey: key(2) })).toBe('atoma::db 50');
    expect(held(commit(once, { deviceType: 10_000 }))?.deviceTypes).toEqual([300, 10_000]);
    const repeated = rules.attempt(() => rules.rotateNodeKey(once, context, { ...request, publicKey: key(2) }));
    expect(repeated.ok && repeated.effect.world.nodes.get(1n)?.keyCommitment?.publicKey).toEqual(key(1));
    expect(repeated.ok && repeated.effect.events[0]?.fields).toMatchObject({ newPublicKey: key(2) });
    const next = after(run(() => rules.rotateNetworkKey(once, context, 1n)));
    expect(held(commit(next, { counter: 1n, publicKey: key(2), deviceType: 0 }))).toEqual({
      counter: 1n,
      epoch: 3n,
      publicKey: key(2),
      deviceTypes: [0],
    });
  });
});
