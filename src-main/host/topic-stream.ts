/** Pushes topics to browsers as server-sent events; a reader that falls behind is cut off and reads everything again when it reconnects, and one whose session ended is ended with it. */
import type { ServerResponse } from 'node:http';
import type { Topic } from '../../src-shared/bridge/index.ts';

/** The open streams. */
export type TopicStreams = {
  /** Takes over a response of a session; each topic is one event whose data is its name. */
  add(response: ServerResponse, session: string): void;
  push(topic: Topic): void;
  /** Ends the streams of a session. */
  end(session: string): void;
  close(): void;
};

const maxStreams = 32;
const maxBufferedBytes = 16_384;

/** Creates the set of streams. `isOpen` says whether a session still is. */
export function createTopicStreams({ isOpen }: { isOpen(session: string): boolean }): TopicStreams {
  const streams = new Map<ServerResponse, string>();
  return {
    add(response, session) {
      const oldest = streams.keys().next();
      if (streams.size >= maxStreams && !oldest.done) oldest.value.destroy();
      response.once('close', () => streams.delete(response));
      streams.set(response, session);
      response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' });
      response.write('retry: 1000\n\n');
    },
    push(topic) {
      for (const [stream, session] of [...streams]) {
        if (!isOpen(session)) stream.end();
        else if (stream.writableLength > maxBufferedBytes) stream.destroy();
        else stream.write(`data: ${topic}\n\n`);
      }
    },
    end(session) {
      for (const [stream, owner] of [...streams]) if (owner === session) stream.end();
    },
    close() {
      for (const stream of streams.keys()) stream.end();
    },
  };
}
