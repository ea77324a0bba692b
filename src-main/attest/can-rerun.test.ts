/** Which work can be run again here, by kind of work, model and engines. */
import { expect, it } from 'vitest';
import { canRerun, type CanRerun } from './can-rerun.ts';
import type { RerunDeps } from './types.ts';

const never = (): Promise<never> => Promise.reject(new Error('nothing runs here'));
const chat: RerunDeps = { openEnvelope: never, run: never };
const roles: RerunDeps = { ...chat, perform: never };
const all: RerunDeps = { ...roles, wasm: () => ({ run: never }) };

it.each<[string, string, RerunDeps, CanRerun]>([
  ['ai.inference', 'm@1', chat, 'yes'],
  ['ai.inference', 'm@2', all, 'no_model'],
  ['ai.embedding', 'm@1', chat, 'unsupported'],
  ['ai.embedding', 'm@1', roles, 'yes'],
  ['ai.speech', 'm@2', roles, 'no_model'],
  ['wasm.run', '', roles, 'unsupported'],
  ['wasm.run', '', { ...roles, wasm: () => null }, 'unsupported'],
  ['wasm.run', '', all, 'yes'],
])('%s with model "%s"', (workloadClass, model, rerun, expected) => expect(canRerun({ workloadClass, model }, { models: () => ['m@1'], rerun })).toBe(expected));
