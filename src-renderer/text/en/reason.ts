/** Text of the reasons beside the state word. */
import { reasonWords } from '../../../src-shared/domain/reason-words.ts';

/** By place. */
export const reason = {
  ...reasonWords,
  serving: 'serving {{model}} for stack #{{stack}}',
  speed: '{{rate}} tok/s',
  slots: '{{used}} of {{total}} slots',
  keys_locked: 'the keys are locked; unlock them in Settings',
  link_refused: 'the coordinator refused this node; pause and resume to try again',
  in_use: 'another program uses this machine; resumes when it ends',
  waiting_for_work_one: 'waiting for work on {{count}} task',
  waiting_for_work_other: 'waiting for work on {{count}} tasks',
};
