/** An answer as server-sent events: each piece signed, the end, the usage and [DONE] last (protocol.md 7.8). */
import type { ServerResponse } from 'node:http';
import { z } from 'zod';
import { errorBody, IngressRefusal, refusalOfFailure } from './answers.ts';
import type { Taken } from './take-request.ts';

const chunkSchema = z.looseObject({ choices: z.array(z.looseObject({ finish_reason: z.string().nullish() })), usage: z.unknown().optional() });
const resultSchema = z.looseObject({ id: z.string(), created: z.number(), model: z.string(), choices: z.array(z.looseObject({ finish_reason: z.string() })).length(1), usage: z.looseObject({}) });

/** Pieces on their way to one buyer. */
export type AnswerStream = {
  /** A piece as the pipeline made it. */
  piece(data: Uint8Array): void;
  /** Headers go out, and what came meanwhile. */
  open(): void;
  /** Sends the rest once the work ended; resolves when all is written. */
  finish(ended: Taken['ended']): Promise<void>;
  /** Nothing more is sent but [DONE]; the work goes on and is counted. */
  cut(): void;
};

type Sign = (json: string) => Promise<string>;

/** Creates the stream over a response; nothing is written before `open`. */
export function createAnswerStream(response: ServerResponse, sign: Sign): AnswerStream {
  let last: Promise<void> = Promise.resolve();
  let isCut = false;
  let hasEnd = false;
  let hasUsage = false;
  let opened: () => void = () => undefined;
  const open = new Promise<void>((done) => (opened = done));

  const write = (text: string): void => void (response.writable && !isCut && response.write(`data: ${text}\n\n`));
  /** One after the other: signing takes time and pieces keep their order. */
  const send = (json: string): void => {
    last = last.then(async () => {
      await open;
      if (!isCut && response.writable) write(await sign(json));
    });
    last.catch(() => undefined); // seen by finish
  };
  const end = (): void => {
    if (!response.writable) return;
    response.write('data: [DONE]\n\n');
    response.end();
  };
  const sendRest = (text: string): void => {
    const { id, created, model, choices, usage } = resultSchema.parse(JSON.parse(text));
    const base = { id, object: 'chat.completion.chunk', created, model };
    if (!hasEnd) send(JSON.stringify({ ...base, choices: [{ index: 0, delta: {}, finish_reason: choices[0]?.finish_reason ?? 'stop' }] }));
    if (!hasUsage) send(JSON.stringify({ ...base, choices: [], usage }));
  };

  return {
    piece: (data) => {
      const text = Buffer.from(data).toString('utf8');
      const chunk = chunkSchema.safeParse(JSON.parse(text));
      if (chunk.success) {
        hasEnd ||= chunk.data.choices.some(({ finish_reason }) => typeof finish_reason === 'string');
        hasUsage ||= chunk.data.usage !== undefined && chunk.data.usage !== null;
      }
      send(text);
    },
    open: () => {
      response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8', 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' });
      opened();
    },
    finish: async (ended) => {
      const outcome = await ended;
      if (outcome.kind === 'result') sendRest(Buffer.from(outcome.bytes).toString('utf8'));
      try {
        await last;
        if (outcome.kind === 'failed') write(JSON.stringify(errorBody(refusalOfFailure(outcome.code))));
      } catch {
        write(JSON.stringify(errorBody(new IngressRefusal('INTERNAL_ERROR', 'The answer could not be signed.'))));
      }
      if (!isCut) end();
    },
    cut: () => {
      if (isCut) return;
      end();
      isCut = true;
    },
  };
}
