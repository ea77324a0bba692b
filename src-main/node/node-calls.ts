/** Holds the calls of the bridge back until the node is open: the window loads meanwhile, and what it asks is answered then (architecture.md, "The bridge"). */
import type { Handlers } from '../../src-shared/bridge/index.ts';

/** The same handlers, which wait until the node is open; from then on they begin at once, so that what is asked first is done first. */
export function callsAfter(opened: Promise<void>, handlers: Handlers): Handlers {
  let isOpen = false;
  opened.then(() => (isOpen = true)).catch(() => undefined); // a caller gets the error
  const waiting = ([name, run]: [string, unknown]) => {
    const begin = run as (input: unknown) => Promise<unknown>;
    return [name, (input: unknown) => (isOpen ? begin(input) : opened.then(() => begin(input)))];
  };
  return Object.fromEntries(Object.entries(handlers).map(waiting)) as Handlers;
}
