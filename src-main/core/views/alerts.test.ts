/** Alerts come with their cause and go with it, the worst first, each with a page that mends it (product.md, Dashboard). */
import { expect, it } from 'vitest';
import { alertsOf, type AlertFacts } from './alerts.ts';

const calm: AlertFacts = {
  nowMs: 1_000,
  keys: 'open',
  setUp: true,
  chain: { status: 'ok', lastError: null },
  link: { status: 'connected', lastError: null },
  hasCoordinator: true,
  suiMist: 10n,
  gasReserveMist: 5n,
  disputedStacks: [],
  failedStacks: [],
  parkedRows: 0,
  inferenceError: null,
};
const error = { code: 'network.wrong_db', message: 'Correct the database id.', atMs: 7 };

it.each([null, { disabled: false, withdrawable: false, problem: null }])('has none while nothing is wrong, leaving %o', (leaving) => expect(alertsOf({ ...calm, leaving })).toEqual([]));

it.each<[Partial<AlertFacts>, string, string, string, RegExp]>([
  [{ keys: 'locked' }, 'keys.locked', 'danger', 'settings', /locked/],
  [{ inferenceError: 'The model did not load.' }, 'inference', 'warning', 'hardware', /did not load/],
  [{ setUp: false }, 'setup', 'info', 'setup', /set-up/],
  [{ chain: { status: 'down', lastError: error } }, 'chain.down', 'warning', 'settings', /Correct the database id/],
  [{ hasCoordinator: false }, 'no_coordinator', 'warning', 'settings', /no coordinator/],
  [{ link: { status: 'refused', lastError: error } }, 'link', 'danger', 'settings', /./],
  [{ suiMist: 4n }, 'gas_reserve', 'warning', 'wallet', /Add SUI/],
  [{ disputedStacks: [3n] }, 'disputed', 'danger', 'stacks', /#3 is in dispute.*no function that ends a dispute/],
  [{ failedStacks: [{ stackSmallId: 4n, error }] }, 'stack', 'warning', 'stacks', /#4: Correct/],
  [{ parkedRows: 2 }, 'parked', 'warning', 'settings', /2 stored records/],
  [{ unopenedResults: 1 }, 'unopened_results', 'danger', 'jobs', /^1 finished result cannot be sent.*Restore the node keys/],
  [{ unopenedResults: 3 }, 'unopened_results', 'danger', 'jobs', /^3 finished results/],
  [{ awaitedAgain: 2 }, 'awaited_again', 'warning', 'jobs', /2 requests whose signed receipt this node holds/],
  [{ leaving: { disabled: true, withdrawable: true, problem: null } }, 'leave.withdrawable', 'warning', 'leave', /collateral can be taken back/],
  [{ leaving: { disabled: true, withdrawable: true, problem: 'SUI for gas is missing.' } }, 'leave.withdrawable', 'warning', 'leave', /SUI for gas is missing/],
  [{ leaving: { disabled: false, withdrawable: false, problem: 'The chain refused it.' } }, 'leave.waits', 'warning', 'leave', /^Leaving waits\. The chain refused it/],
])('%o', (change, code, level, page, message) => {
  const [alert, ...others] = alertsOf({ ...calm, ...change });
  expect(others).toEqual([]);
  expect(alert).toMatchObject({ code, level, page });
  expect(alert?.message).toMatch(message);
});

it.each([true, false])('tells of a refused link unless leaving has disabled the node: %s', (disabled) => {
  const codes = alertsOf({ ...calm, link: { status: 'refused', lastError: error }, leaving: { disabled, withdrawable: false, problem: null } }).map(({ code }) => code);
  expect(codes).toEqual(disabled ? [] : ['link']);
});

it.each<[Partial<AlertFacts>, string | undefined]>([
  [{ keys: 'locked' }, 'keys'],
  [{ parkedRows: 2 }, 'diagnostics'],
  [{ hasCoordinator: false }, undefined],
])('%o leads to the section of the settings that mends it', (change, section) => expect(alertsOf({ ...calm, ...change })[0]?.section).toBe(section));

it('puts the worst first', () => {
  expect(alertsOf({ ...calm, suiMist: 0n, unopenedResults: 1, setUp: true }).map(({ level }) => level)).toEqual(['danger', 'warning']);
});
