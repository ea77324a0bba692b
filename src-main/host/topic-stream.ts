/** Pushes topics to browsers as server-sent events; a reader that falls behind is cut off and reads everything again when it reconnects. */
import type { ServerResponse } from 'node:http';
import type { Topic } from '../../src-shared/bridge/index.ts';

/** The open streams. */
export type TopicStreams = {
  /** Takes over a response; each topic is one event whose data is its name. */
  add(response: ServerResponse): void;
  push(topic: Topic): void;
  close(): void;
};

const maxStreams = 32;
const maxBufferedBytes = 16_384;

/** Creates the set of streams. */
export function createTopicStreams(): TopicStreams {
  const streams = new Set<ServerResponse>();
  return {
    add(response) {
      const oldest = streams.values().next();
      if (streams.size >= maxStreams && !oldest.done) oldest.value.destroy();
      response.once('close', () => streams.delete(response));
      streams.add(response);
      response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' });
      response.write('retry: 1000\n\n');
    },
    push(topic) {
      for (const stream of streams) {
        if (stream.writableLength > maxBufferedBytes) stream.destroy();
        else stream.write(`data: ${topic}\n\n`);
      }
    },
    close() {
      for (const stream of streams) stream.end();
    },
  };
}
