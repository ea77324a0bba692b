/** Which subscribed tasks are served by which models: exact ones under sampling consensus, those of this machine for confidential requests (protocol.md 7.7; issue 4, items 5 and 8). */
import { describe, expect, it } from 'vitest';
import type { ReadyModel } from '../inference/types.ts';
import { servedTasks, withheldTasks } from './served-work.ts';

type Facts = Parameters<typeof servedTasks>[0];
const model = (over: Partial<ReadyModel> = {}): ReadyModel => ({ id: 'a/b@1', name: 'a/b', revision: '1', sizeBytes: 1, sha256: '', folder: '', role: 0, vramBytes: 0, ...over });
const levels = ['none', 'sampling-consensus', 'confidential'] as const;
/** Tasks 1 to 3, one of each level, all subscribed. */
const facts = {
  tasks: levels.map((securityLevel, index) => ({ taskSmallId: BigInt(index + 1), role: 0, modelName: 'a/b', securityLevel })),
  subscriptions: new Map(levels.map((_, index) => [BigInt(index + 1), { price: 1n }])),
} as unknown as Facts;

describe('tasks', () => {
  it.each<[string, ReadyModel[], boolean, number[], number[]]>([
    ['of this machine', [model()], true, [1, 2, 3], []],
    ['of this machine, without its hardware', [model()], false, [1, 2], [3]],
    ['of an engine beside it, not proved exact', [model({ engine: 'rig', exact: false, elsewhere: false })], true, [1, 3], []],
    ['of an engine elsewhere', [model({ engine: 'rig', exact: true, elsewhere: true })], true, [1, 2], [3]],
    ['of both: nobody knows which one is asked', [model(), model({ id: 'a/b@2', elsewhere: true })], true, [1, 2], [3]],
    ['of another role', [model({ role: 1 })], true, [], []],
    ['of none', [], true, [], []],
  ])('are served by models %s', (_, models, confidential, served, withheld) => {
    expect([servedTasks(facts, models, confidential), [...withheldTasks(facts, models, confidential)]]).toEqual([served.map(BigInt), withheld.map(BigInt)]);
  });
});
