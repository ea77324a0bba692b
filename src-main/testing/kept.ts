/** A stream that keeps what it is given, for tests. */
import { Writable } from 'node:stream';

/** The stream and its text so far. */
export function kept(): { stream: Writable; text(): string } {
  const parts: string[] = [];
  const stream = new Writable({ write: (chunk: Buffer, _encoding, done) => (parts.push(chunk.toString('utf8')), done()) });
  return { stream, text: () => parts.join('') };
}
