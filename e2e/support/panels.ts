/** Every sheet, panel and unfolded part that an operator of a node at work can open, by a way that holds in each language; for checks of language, fit and access. */
import { expect, type Page } from '@playwright/test';
import { en } from '../../src-renderer/text/en.ts';

/** How a text of the catalogue is written in the language that is spoken. */
export type Say = (text: string) => string;

/** A part of a page that is not there until something is pressed. */
export type Panel = { readonly name: string; readonly screen: string; unfold(page: Page, say: Say): Promise<void> };

const press = (page: Page, text: string): Promise<void> => page.getByRole('button', { name: text, exact: true }).first().click();

/** Opened by one button with a word. */
const byButton = (name: string, screen: string, text: string): Panel => ({
  name,
  screen,
  unfold: async (page, say) => {
    await press(page, say(text));
    await expect(page.getByRole('dialog')).toBeVisible();
  },
});

/** They are put away by Escape or by going elsewhere; none changes anything. */
export const panels: readonly Panel[] = [
  {
    name: 'preview of a subscription',
    screen: '/tasks/1',
    unfold: async (page, say) => {
      await press(page, say(en.tasks.update));
      await expect(page.getByRole('heading', { name: say(en.proposal.costsNow) })).toBeVisible();
    },
  },
  {
    name: 'subscribing to several tasks',
    screen: '/tasks',
    unfold: async (page, say) => {
      await page.locator('td .check:enabled, th .check:enabled').first().check();
      await press(page, say(en.tasks.batch.start));
      await expect(page.getByRole('dialog').getByRole('heading', { name: say(en.proposal.costsNow) })).toBeVisible();
    },
  },
  {
    name: 'request',
    screen: '/jobs',
    unfold: async (page) => {
      await page.locator('tbody a[href*="/jobs/"]').first().click();
      await expect(page.getByRole('dialog').locator('.facts').first()).toBeVisible();
    },
  },
  {
    name: 'own stack under attestation',
    screen: '/jobs',
    unfold: async (page) => {
      await page.locator('tbody a[href*="/jobs/"]').first().click();
      const stack = await page.getByRole('dialog').locator('.facts').getByText(/^#\d+$/).first().innerText();
      await page.evaluate((hash) => (location.hash = hash), `/attestations/${stack.slice(1)}`);
      await expect(page.getByRole('dialog', { name: new RegExp(`${stack}(?!\\d)`) })).toBeVisible();
      await expect(page.getByRole('dialog').locator('.skeleton')).toHaveCount(0);
    },
  },
  byButton('getting a model', '/models', en.models.get),
  byButton('leaving', '/leave', en.leave.open),
  byButton('adding a console', '/fleet', en.fleet.add),
  {
    name: 'adding an engine',
    screen: '/settings/engines',
    unfold: async (page, say) => {
      await press(page, say(en.engines.add));
      await press(page, say(en.engines.addModel));
    },
  },
  {
    name: 'hours of work',
    screen: '/hardware',
    unfold: async (page, say) => {
      await page.getByRole('switch', { name: say(en.hardware.schedule.on) }).click();
      await press(page, say(en.hardware.schedule.add));
      await expect(page.locator('.band-times').first()).toBeVisible();
    },
  },
  {
    name: 'tariff by hours',
    screen: '/economics',
    unfold: async (page, say) => {
      await press(page, say(en.economics.costs.addBand));
      await press(page, say(en.economics.costs.addBand));
      await press(page, say(en.economics.costs.save));
      await expect(page.getByText(say(en.economics.costs.problem))).toBeVisible();
    },
  },
  {
    name: 'event of the log',
    screen: '/settings/logs',
    unfold: async (page) => {
      await page.locator('tbody').getByRole('button').first().click();
      await expect(page.getByRole('dialog')).toBeVisible();
    },
  },
  {
    name: 'lines of the bundle',
    screen: '/settings/diagnostics',
    unfold: async (page, say) => {
      await press(page, say(en.diagnostics.gather));
      await expect(page.locator('.bundle-lines')).toBeVisible();
    },
  },
  {
    name: 'chain',
    screen: '/',
    unfold: async (page, say) => {
      await page.locator('.bar .disclosure button').filter({ hasText: say(en.health.chainWord) }).click();
      await expect(page.locator('.disclosure-panel')).toBeVisible();
    },
  },
  {
    name: 'keys',
    screen: '/why-idle',
    unfold: async (page) => {
      await page.keyboard.press('Control+/');
      await expect(page.getByRole('dialog')).toBeVisible();
    },
  },
];
