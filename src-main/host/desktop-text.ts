/** All text of the tray, the system's notices and the desktop's dialogs, in English (product.md: "all text in one catalogue"). */
import type { NoticeKind } from '../../src-shared/bridge/desktop-calls.ts';
import type { NodeState, StateReason } from '../../src-shared/domain/node-state.ts';

/** State words as the window has them. */
const stateWords: Readonly<Record<NodeState, string>> = { IDLE: 'Idle', READY: 'Ready', EXECUTING: 'Working', UNSTAKING: 'Leaving' };

/** Why the state holds, as a sentence's end; a test holds that none is missing. */
const reasonWords: Readonly<Record<string, string>> = {
  leaving_finishing_work: 'finishing the work that runs before leaving',
  leaving_settling: 'settling open stacks before leaving',
  leaving_waiting_window: 'waiting for challenge windows to end',
  leaving_waiting_cancel_window: 'nothing is open; leaving can still be cancelled',
  leaving_disabling: 'disabling the node on chain',
  leaving_waiting_collateral: 'waiting until the collateral is unlocked',
  leaving_destroying: 'returning the collateral',
  left: 'this node has left the network',
  running: 'working',
  running_paused: 'finishing the work that runs, then paused',
  running_unlinked: 'working; the link is down and is opened again',
  keys_locked: 'the keys are locked',
  not_set_up: 'set-up is not finished',
  chain_unknown: 'the chain has not been read yet',
  not_registered: 'this node is not registered',
  disabled: 'this node is disabled on chain',
  not_subscribed: 'not subscribed to any task',
  no_model: 'no model of a subscribed task is ready',
  no_link: 'no link to the coordinator; connecting',
  link_refused: 'the coordinator refused this node',
  paused: 'paused by you',
  too_hot: 'too hot; resumes when cool',
  in_use: 'somebody uses this machine',
  by_schedule: 'outside its schedule',
  waiting_for_work: 'waiting for work',
};

const wordsOf = (reason: StateReason): string => reasonWords[reason] ?? reason.replaceAll('_', ' ');
const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

export const trayText = {
  state: (state: NodeState, reason: StateReason) => (reason === 'running' ? stateWords[state] : `${stateWords[state]}: ${wordsOf(reason)}`),
  sentence: (reason: StateReason) => `${capital(wordsOf(reason))}.`,
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
