/** The node's ledger as a CSV of it must say it, read through the window's own bridge and not through its export. */
import type { Page } from '@playwright/test';

type Entry = {
  id: string;
  digest: string;
  eventIndex: number;
  kind: string;
  atMs: number;
  stackSmallId: string | null;
  taskSmallId: string | null;
  amount: string;
  coin: { symbol: string; decimals: number };
  fiat: { amount: string; rate: { perCoin: string; currency: string; source: string } } | null;
};
type Answer = { ok: true; value: Entry[] } | { ok: false };
type Bridge = { call(name: string, input: unknown): Promise<Answer> };

/** Base units as a decimal number without trailing zeros. */
function decimal(units: string, decimals: number): string {
  const digits = units.replace('-', '').padStart(decimals + 1, '0');
  const fraction = digits.slice(digits.length - decimals).replace(/0+$/, '');
  return `${units.startsWith('-') ? '-' : ''}${digits.slice(0, digits.length - decimals)}${fraction === '' ? '' : `.${fraction}`}`;
}

/** Every entry, newest first, as the columns of the export. */
export async function readLedger(page: Page): Promise<Record<string, string>[]> {
  const entries = await page.evaluate(async () => {
    const limit = 500;
    const { bridge } = window as unknown as { bridge?: Bridge };
    const ask = async (before: string | null): Promise<Entry[]> => {
      const input = { limit, before };
      const answer = await (bridge?.call('ledger.list', input) ??
        fetch('./api/call', { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ name: 'ledger.list', input }) }).then((response) => response.json() as Promise<Answer>));
      if (!answer.ok) throw new Error('the ledger was not given');
      return answer.value;
    };
    const all: Entry[] = [];
    for (;;) {
      const part = await ask(all.at(-1)?.id ?? null);
      all.push(...part);
      if (part.length < limit) return all;
    }
  });
  return entries.map(({ digest, eventIndex, kind, atMs, stackSmallId, taskSmallId, amount, coin, fiat }) => ({
    time: new Date(atMs).toISOString(),
    digest,
    event_index: String(eventIndex),
    stack: stackSmallId ?? '',
    task: taskSmallId ?? '',
    amount_base_units: amount,
    amount: decimal(amount, coin.decimals),
    coin: coin.symbol,
    kind,
    fiat: fiat?.amount ?? '',
    rate: fiat === null ? '' : `${fiat.rate.perCoin} ${fiat.rate.currency}`,
    rate_source: fiat?.rate.source ?? '',
  }));
}
