/** What can never be paid, as tables: only what was read to be gone, never what was not read. */
import { expect, it } from 'vitest';
import { isNeverClaimed, strandedBy, type ClaimNeeds } from './stranded.ts';

it.each<[string, ClaimNeeds, ReturnType<typeof strandedBy>]>([
  ['everything is there', { taskExists: true, attestors: [true, true] }, null],
  ['nobody attested', { taskExists: true, attestors: [] }, null],
  ['the task was removed', { taskExists: false, attestors: [] }, 'task_removed'],
  ['the task was not read', { taskExists: null, attestors: [true] }, null],
  ['an attestor was destroyed', { taskExists: true, attestors: [true, false] }, 'attestor_destroyed'],
  ['an attestor was destroyed, the task not read', { taskExists: null, attestors: [false] }, 'attestor_destroyed'],
  ['an attestor was not read', { taskExists: true, attestors: [null] }, null],
  ['nothing was read', { taskExists: null, attestors: [null, null] }, null],
  ['both are gone', { taskExists: false, attestors: [false] }, 'task_removed'],
])('%s', (_, needs, why) => expect(strandedBy(needs)).toBe(why));

it.each([
  ['nothing is wrong', {}, false],
  ['in dispute', { isInDispute: true }, true],
  ['the node that settled was destroyed', { settlerExists: false }, true],
  ['the node that settled was not read', { settlerExists: null }, false],
  ['its task was removed', { taskExists: false }, true],
  ['another attestor was destroyed', { attestors: [true, false] }, true],
  ['nothing was read', { taskExists: null, settlerExists: null, attestors: [null] }, false],
])('a ticket of another node: %s', (_, change, never) =>
  expect(isNeverClaimed({ isInDispute: false, settlerExists: true, taskExists: true, attestors: [true], ...change })).toBe(never));
