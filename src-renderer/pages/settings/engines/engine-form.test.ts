/** What the form of an engine means. */
import { expect, it } from 'vitest';
import { draftOf, settingsOf, wholeNumber } from './engine-form.ts';

const draft = {
  ...draftOf(null, 'a1'),
  name: ' Rig ',
  url: 'http://10.0.0.2:8000',
  models: [
    { id: 'owner/chat@1', engineModel: 'm', role: 'chat' as const, contextTokens: '4096' },
    { id: '', engineModel: '', role: 'chat' as const, contextTokens: '' },
  ],
};

it('reads a filled form, without rows nobody filled, and gives it back', () => {
  const settings = settingsOf(draft);
  expect(settings).toMatchObject({
    id: 'a1',
    name: 'Rig',
    kind: 'vllm',
    concurrency: 8,
    queue: 8,
    models: [{ id: 'owner/chat@1', engineModel: 'm', role: 0, contextTokens: 4_096 }],
  });
  expect(settingsOf(draftOf(settings, 'other'))).toEqual(settings);
});

it.each([
  { name: ' ' },
  { url: '' },
  { concurrency: '0' },
  { queue: 'x' },
  { models: [{ ...draft.models[0]!, id: 'no revision' }] },
  { models: [{ ...draft.models[0]!, engineModel: '' }] },
  { models: [{ ...draft.models[0]!, contextTokens: '5' }] },
])('is not ready with %j', (change) => {
  expect(settingsOf({ ...draft, ...change })).toBeNull();
});

it('reads whole numbers within bounds alone', () => {
  expect(['5', ' 5', '-1', '1e2', '300', ''].map((text) => wholeNumber(text, 1, 256))).toEqual([
    5,
    5,
    null,
    null,
    null,
    null,
  ]);
});
