/** Pictures of screens for people to look at: both themes, on a wide window and on a phone; and answers of the node that bring a screen into a state it is seldom in. */
import { expect, type Page, type Route } from '@playwright/test';

/** A desktop's least comfortable window, and a phone. */
export const gallerySizes = { wide: { width: 1280, height: 860 }, phone: { width: 400, height: 800 } } as const;
type SizeName = keyof typeof gallerySizes;

/** Where the pictures go, below the repository. */
export const galleryFolder = 'test-results/gallery';

/** Takes the whole page in every size and both themes; `only` picks the sizes. */
export async function shoot(page: Page, name: string, only: readonly SizeName[] = ['wide', 'phone']): Promise<void> {
  const dismiss = page.getByRole('button', { name: 'Dismiss' });
  // A message would cover the page; it may leave by itself meanwhile.
  while ((await dismiss.count()) > 0) await dismiss.first().click({ timeout: 2_000 }).catch(() => undefined);
  for (const size of only) {
    const { width, height } = gallerySizes[size];
    await page.setViewportSize({ width, height });
    // As tall as the page is: what is fixed to the window stands at its end, not in its middle.
    const whole = await page.evaluate(() => document.documentElement.scrollHeight);
    await page.setViewportSize({ width, height: Math.max(height, whole) });
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      await page.screenshot({ path: `${galleryFolder}/${size}/${name}-${colorScheme}.png` });
    }
  }
  await page.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' });
  await page.setViewportSize(gallerySizes.wide);
}

/** Waits until the page has read what it shows. */
export async function loaded(page: Page): Promise<void> {
  await expect(page.getByRole('heading', { level: 1 }).first()).toBeVisible();
  await expect(page.locator('.skeleton')).toHaveCount(0);
}

/** What the node is made to say to one call: as it is, never, a refusal, no answer at all, or a changed value. */
export type Say = 'as-is' | 'wait' | 'refuse' | 'gone' | ((value: unknown) => unknown);

/** Calls of the frame around the pages; they go on working unless the whole node is gone. */
const frame = new Set(['setup.get', 'settings.get', 'node.get', 'node.alerts', 'app.info', 'desktop.get']);

const refusal = { ok: false, error: { code: 'chain.unreachable', message: '', fields: { endpoint: 'https://fullnode.example:443' } } };

/** Stands between the window and the node. `say` decides for each call; `pulse` makes the window read everything again. */
export async function standBetween(page: Page): Promise<{ say(decide: (name: string) => Say): void; pages(say: Say): void; pulse(on: boolean): Promise<void> }> {
  let decide: (name: string) => Say = () => 'as-is';
  let pulsing = false;
  await page.route('**/api/call', async (route: Route) => {
    const { name } = route.request().postDataJSON() as { name: string };
    const say = decide(name);
    if (say === 'wait') return;
    if (say === 'gone') return route.abort();
    if (say === 'refuse') return route.fulfill({ json: refusal });
    if (say === 'as-is') return route.continue();
    const response = await route.fetch();
    const answer = (await response.json()) as { ok: boolean; value?: unknown };
    await route.fulfill({ response, json: answer.ok ? { ok: true, value: say(answer.value) } : answer });
  });
  // A stream that ends and comes back tells the window that anything may have changed.
  await page.route('**/api/events', (route) =>
    pulsing ? route.fulfill({ contentType: 'text/event-stream', body: 'retry: 400\n\n' }) : route.continue(),
  );
  return {
    say(next) {
      decide = next;
    },
    pages(say) {
      decide = (name) => (frame.has(name) ? 'as-is' : say);
    },
    async pulse(on) {
      pulsing = on;
      await page.reload();
    },
  };
}

/** Every list of a view without its entries. */
export function withoutEntries(value: unknown): unknown {
  if (Array.isArray(value)) return [];
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, Array.isArray(entry) ? [] : entry]));
}
