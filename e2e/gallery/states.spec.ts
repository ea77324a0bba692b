/** Every screen while it loads, when nothing is there, when a read fails, when what it shows is old, and when the node is gone; pictures only, nothing is compared. */
import { expect, test, type Page } from '@playwright/test';
import { loaded, shoot, standBetween, withoutEntries, type Say } from '../support/gallery.ts';
import { launchReadyNode } from '../support/ready-node.ts';
import { shareConsole } from '../support/share-console.ts';

test.describe.configure({ mode: 'serial', timeout: 600_000 });

const sections = ['engines', 'ingress', 'confidential', 'logs'];
const screens = ['/', '/why-idle', '/tasks', '/tasks/1', '/stacks', '/jobs', '/models', '/hardware', '/attestations', '/economics', '/wallet', '/fleet', '/leave', '/network', ...sections.map((section) => `/settings/${section}`)];
const nameOf = (screen: string): string => (screen === '/' ? 'dashboard' : screen.slice(1).replaceAll('/', '-'));
const slow = { timeout: 60_000 };
const console = shareConsole(launchReadyNode);
let between: Awaited<ReturnType<typeof standBetween>>;

test.beforeAll(async () => {
  between = await standBetween(console.page);
});

async function open(page: Page, screen: string): Promise<void> {
  await page.goto(`${page.url().split('#')[0] ?? ''}#${screen}`);
  await page.reload();
  await expect(page.getByTestId('state-pill')).toBeVisible(slow);
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible(slow);
}

async function each(state: string, say: Say, ready: (page: Page) => Promise<void>): Promise<void> {
  const { page } = console;
  for (const screen of screens) {
    between.pages(say);
    await open(page, screen);
    await ready(page);
    await shoot(page, `${nameOf(screen)}--${state}`);
  }
  between.pages('as-is');
}

test('empty', async () => {
  await each('empty', withoutEntries, loaded);
});

test('a fleet of which one console is gone and one shows another certificate', async () => {
  const { page } = console;
  const nowMs = Date.now();
  const summary = (nodeSmallId: string, state: string, reason: string, alerts: object[]): object => ({
    v: 1,
    version: '0.1.0',
    atMs: nowMs,
    network: { id: 'sandbox', name: 'Sandbox', kind: 'sandbox' },
    nodeSmallId,
    state,
    reason,
    sinceMs: nowMs - 5_400_000,
    running: state === 'EXECUTING' ? 2 : 0,
    subscribedTasks: 2,
    tokensPerSecond: state === 'EXECUTING' ? 143.5 : null,
    coin: { type: '0x2::toma::TOMA', symbol: 'TOMA', decimals: 9 },
    earnedToday: '1204000000',
    earned30Days: '31870000000',
    pending: '310000000',
    claimable: '894000000',
    alerts,
  });
  const entry = { pinned: null, offered: null, lastSeenMs: nowMs - 4_000, askedMs: nowMs - 4_000, problem: null };
  const fleet = [
    { ...entry, id: 'a', name: 'Cellar rig', url: 'https://rig.example:4100', summary: summary('7', 'EXECUTING', 'running', []) },
    { ...entry, id: 'b', name: 'Attic', url: 'https://attic.example:4100', lastSeenMs: nowMs - 86_400_000, problem: 'unreachable', summary: summary('12', 'READY', 'waiting', [{ level: 'warning', message: 'SUI for gas is low.', sinceMs: nowMs - 90_000_000 }]) },
    { ...entry, id: 'c', name: 'Garage', url: 'https://garage.example:4100', pinned: 'AA:'.repeat(31) + 'AA', offered: 'BB:'.repeat(31) + 'BB', lastSeenMs: null, problem: 'other_certificate', summary: null },
  ];
  between.say((name) => (name === 'fleet.list' ? () => fleet : 'as-is'));
  await open(page, '/fleet');
  await expect(page.getByText('Garage').first()).toBeVisible(slow);
  await shoot(page, 'fleet');
  between.pages('as-is');
});

test('stacks that can never be paid', async () => {
  const { page } = console;
  const reading = (value: string): object => ({ value, source: 'chain', readAtMs: Date.now() });
  const stack = (id: string, strandedBy: string | null, more: object): object => ({
    stackSmallId: id, taskSmallId: '1', model: 'sandbox/tiny-chat', phase: strandedBy === null ? 'challenge' : 'stranded', strandedBy, owner: '0x1', price: '100', numComputeUnits: '2000', usedUnits: '1900',
    awaitingAck: 0, claimedUnits: '1900', value: '190000000', gasMist: '1204000', disputeSettledAtEpoch: '9', epoch: '8', settleDigest: '5QW1qv6ZfV9sVdA5W8PAQy3qkpPCaBqBqwe6BwXtvKUJ', claimDigest: null, lastError: null,
    updatedMs: Date.now(), ...more,
  });
  between.say((name) => {
    if (name === 'stacks.list') return () => [stack('7', 'attestor_destroyed', {}), stack('6', null, {}), stack('4', 'task_removed', { claimedUnits: null, usedUnits: '12', value: '1200000', settleDigest: null, gasMist: '0' })];
    if (name !== 'leave.get') return 'as-is';
    return (value) => {
      const leave = value as { consequences: object };
      const stranded = [{ why: 'task_removed', stacks: 1, value: reading('1200000') }, { why: 'attestor_destroyed', stacks: 3, value: reading('570000000') }];
      return { ...leave, consequences: { ...leave.consequences, stranded } };
    };
  });
  await open(page, '/stacks');
  await expect(page.getByText(/The task of this stack was removed/)).toBeVisible(slow);
  await shoot(page, 'stacks--stranded');
  await open(page, '/leave');
  await expect(page.getByText(/3 stacks can never be paid/)).toBeVisible(slow);
  await shoot(page, 'leave--stranded');
  between.pages('as-is');
});

test('loading', async () => {
  await each('loading', 'wait', (page) => expect(page.locator('main .skeleton').first()).toBeVisible());
});

test('failed', async () => {
  await each('failed', 'refuse', (page) => expect(page.locator('main').getByRole('alert').first()).toBeVisible(slow));
});

test('old, and the node gone', async () => {
  const { page } = console;
  await between.pulse(true);
  for (const screen of screens) {
    await open(page, screen);
    await loaded(page);
    between.pages('refuse');
    await expect(page.locator('.stale').first()).toBeVisible(slow);
    await shoot(page, `${nameOf(screen)}--stale`);
    between.pages('as-is');
  }
  await open(page, '/');
  await loaded(page);
  between.say(() => 'gone');
  await expect(page.locator('.bar').getByRole('status').filter({ hasText: /ago/ })).toBeVisible(slow);
  await shoot(page, 'dashboard--offline');
  await page.reload();
  await expect(page.getByRole('alert')).toBeVisible(slow);
  await shoot(page, 'start--offline');
});
