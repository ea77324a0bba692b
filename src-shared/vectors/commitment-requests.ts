/** Reads the two ways in which a commitments vector file lists its requests: one by one, or by the rule of `generated_by`. */

/** One request and its answer, as texts. */
export type RequestPair = { body: string; response: string };

type Listed = readonly RequestPair[] | { generated_by: string; count: number };

/** Expands the requests of a case; the generated ones follow the rule written in the file's `generated_by`. */
export function commitmentRequests(requests: Listed): readonly RequestPair[] {
  if (!('generated_by' in requests)) return requests;
  return Array.from({ length: requests.count }, (_, i) => ({
    body: JSON.stringify({ model: 'm', messages: [{ role: 'user', content: `vector ${i} \u017e\u91cf` }] }),
    response: JSON.stringify({ id: `r${i}`, usage: { total_tokens: i } }),
  }));
}

/** The entries a case expects by their index: all of them, or the first and the last. */
export function expectedEntries(entries: readonly string[] | { first: string; last: string }, count: number): ReadonlyMap<number, string> {
  if ('first' in entries) return new Map([[0, entries.first], [count - 1, entries.last]]);
  return new Map(entries.map((entry, index) => [index, entry]));
}
