/** Gathers the text of all running requests into one message at a time, so that the node is not woken for every token (product.md, Budgets: event-loop delay). */

/** A piece of a request's text. */
export type TextPiece = { call: number; delta: string };

/** Text on its way to the node. */
export type TextChannel = {
  /** Takes a piece: it goes out at once when the channel was quiet, else with everybody's next pieces. */
  add(call: number, delta: string): void;
  /** Sends what waits; called before a request's answer, which its text must not follow. */
  flush(): void;
};

/** Creates the channel. `schedule` runs `work` once after the delay. */
export function createTextChannel(intervalMs: number, deps: { send(texts: TextPiece[]): void; schedule(delayMs: number, work: () => void): void }): TextChannel {
  const waiting = new Map<number, string>();
  let quiet = true;
  const flush = (): void => {
    if (waiting.size === 0) return;
    const texts = [...waiting].map(([call, delta]) => ({ call, delta }));
    waiting.clear();
    deps.send(texts);
  };
  const rest = (): void => {
    quiet = false;
    deps.schedule(intervalMs, () => {
      quiet = true;
      if (waiting.size === 0) return;
      flush();
      rest();
    });
  };
  return {
    add: (call, delta) => {
      waiting.set(call, (waiting.get(call) ?? '') + delta);
      if (!quiet) return;
      flush();
      rest();
    },
    flush,
  };
}
