/** All text of the tray, the system's notices and the desktop's dialogs, in English (product.md: "all text in one catalogue"). */
import type { NoticeKind } from '../../src-shared/bridge/desktop-calls.ts';
import type { NodeState, StateReason } from '../../src-shared/domain/node-state.ts';
import { reasonWords } from '../../src-shared/domain/reason-words.ts';

/** State words as the window has them. */
const stateWords: Readonly<Record<NodeState, string>> = { IDLE: 'Idle', READY: 'Ready', EXECUTING: 'Working', UNSTAKING: 'Leaving' };

/** Why the state holds; shorter than in the window where the window says what to do. */
const reasonText: Readonly<Record<StateReason, string>> = {
  ...reasonWords,
  keys_locked: 'the keys are locked',
  link_refused: 'the coordinator refused this node',
  in_use: 'somebody uses this machine',
  waiting_for_work: 'waiting for work',
};
const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

export const trayText = {
  state: (state: NodeState, reason: StateReason) => (reason === 'running' ? stateWords[state] : `${stateWords[state]}: ${reasonText[reason]}`),
  sentence: (reason: StateReason) => `${capital(reasonText[reason])}.`,
  running: (count: number) => (count === 1 ? '1 request runs' : `${count} requests run`),
  earned: (amount: string) => `Earned today: ${amount}`,
  earnedUnknown: 'Earned today: unknown',
  problems: (count: number) => (count === 1 ? '1 thing needs you' : `${count} things need you`),
  pause: 'Pause',
  resume: 'Resume',
  open: 'Open console',
  quit: 'Quit',
} as const;

const kindWords: Readonly<Record<NoticeKind, { problem: string; recovered: string }>> = {
  state: { problem: 'Not earning', recovered: 'Earning again' },
  keys: { problem: 'Keys need you', recovered: 'Keys are open again' },
  link: { problem: 'No link to the coordinator', recovered: 'Linked again' },
  chain: { problem: 'The chain does not answer', recovered: 'The chain answers again' },
  money: { problem: 'Your money needs you', recovered: 'Money is in order again' },
  attestations: { problem: 'An attestation needs you', recovered: 'An attestation is done' },
  machine: { problem: 'This machine needs you', recovered: 'This machine is in order again' },
};

export const noticeText = {
  title: (kind: NoticeKind, recovered: boolean) => kindWords[kind][recovered ? 'recovered' : 'problem'],
  body: (message: string, recovered: boolean, others: number) => {
    const more = others === 0 ? '' : others === 1 ? ' And one more.' : ` And ${others} more.`;
    return recovered ? `It was: ${message}${more}` : `${message}${more}`;
  },
  hidden: { title: 'Still running', body: 'The console goes on earning in the tray. Quit it there, or change this in Settings, Desktop.' },
} as const;

export const autostartText = { name: 'Operator Console', comment: 'Starts the node at login' } as const;
