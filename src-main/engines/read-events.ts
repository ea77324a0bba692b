/** Server-sent events of an engine as their `data` texts, bounded: an engine that never ends a line cannot fill the memory. */

const maxLineChars = 1_048_576;

/** Yields each event's data until the stream ends. Throws RangeError for a line over 1 Mi characters. */
export async function* readEvents(body: ReadableStream<Uint8Array>): AsyncGenerator<string> {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  let rest = '';
  try {
    for (;;) {
      const { value, done } = await reader.read();
      rest += done ? decoder.decode() : decoder.decode(value, { stream: true });
      // A line that ended with \r\n has its \r taken off below; one that is still open waits.
      const lines = rest.split('\n');
      rest = done ? '' : (lines.pop() ?? '');
      for (const line of lines) {
        const data = dataOf(line);
        if (data !== null) yield data;
      }
      if (rest.length > maxLineChars) throw new RangeError('a line of the stream is too long');
      if (done) return;
    }
  } finally {
    // Also when the reader went away: the connection is let go, and with it the engine's work.
    await reader.cancel().catch(() => undefined);
  }
}

/** Engines send one line of data an event; comments, names and blank lines say nothing. */
function dataOf(line: string): string | null {
  const text = line.endsWith('\r') ? line.slice(0, -1) : line;
  if (!text.startsWith('data:')) return text.startsWith('error:') ? text.slice('error:'.length).trim() : null;
  return text.slice('data:'.length).trim();
}
