/** Turns token bytes into text that can be streamed: never half a character, never past a stop string (stack.md 7; chunks joined equal the content). */

/** Text of a growing answer. */
export type TextStream = {
  /** Takes the bytes of one token; true once a stop string has come and generation should end. */
  push(bytes: Uint8Array): boolean;
  /** Text that is safe to show and was not taken yet; may be empty. */
  take(): string;
  /** Ends the text: what was held back is released (up to a stop string). The rest can then be taken. */
  end(): void;
};

/** Length of the longest end of `text` that could be the start of a stop string. */
function heldLength(text: string, stops: readonly string[], longest: number): number {
  for (let n = Math.min(text.length, longest - 1); n > 0; n--) {
    const tail = text.slice(text.length - n);
    if (stops.some((stop) => stop.startsWith(tail))) return n;
  }
  return 0;
}

/** Where the first stop string begins, or -1. */
function firstStop(text: string, stops: readonly string[]): number {
  let first = -1;
  for (const stop of stops) {
    const at = text.indexOf(stop);
    if (at >= 0 && (first < 0 || at < first)) first = at;
  }
  return first;
}

/** Half a character: decoded text never holds one, and such a stop string could only cut a whole character in two. */
const LONE_SURROGATE = /[\ud800-\udfff]/u;

/** Creates the text of one answer. Bytes that are no UTF-8 become U+FFFD, as any decoder does. */
export function createTextStream(stopStrings: readonly string[]): TextStream {
  const stops = stopStrings.filter((stop) => stop !== '' && !LONE_SURROGATE.test(stop));
  // A byte order mark is content like any other: without ignoreBOM the decoder would swallow it.
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  const longest = stops.reduce((most, stop) => Math.max(most, stop.length), 0);
  let safe = '';
  let held = '';
  let stopped = false;
  const add = (text: string): void => {
    if (longest === 0) {
      safe += text;
      return;
    }
    held += text;
    const at = firstStop(held, stops);
    if (at >= 0) stopped = true;
    const keep = at >= 0 ? held.length - at : heldLength(held, stops, longest);
    safe += held.slice(0, held.length - keep);
    held = at >= 0 ? '' : held.slice(held.length - keep);
  };
  return {
    push: (bytes) => {
      if (!stopped) add(decoder.decode(bytes, { stream: true }));
      return stopped;
    },
    take: () => {
      const text = safe;
      safe = '';
      return text;
    },
    end: () => {
      if (stopped) return;
      add(decoder.decode());
      safe += held;
      held = '';
    },
  };
}
