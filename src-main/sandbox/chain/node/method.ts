/** One gRPC method: how its messages are coded and what answers it. */
import type { IMessageType } from '@protobuf-ts/runtime';

/** A call with one answer. */
export interface UnaryMethod {
  readonly kind: 'unary';
  readonly handle: (request: Uint8Array) => Promise<Uint8Array>;
}

/** A call with a stream of answers. `done` ends the stream; the returned function is called when the client leaves. */
export interface StreamMethod {
  readonly kind: 'stream';
  readonly handle: (request: Uint8Array, push: (answer: Uint8Array) => void, done: () => void) => () => void;
}

/** Methods by `package.Service/Method`. */
export type Methods = Readonly<Record<string, UnaryMethod | StreamMethod>>;

/** Binds a function to the message types of a unary method. */
export const unary = <I extends object, O extends object>(
  input: IMessageType<I>,
  output: IMessageType<O>,
  run: (request: I) => O | Promise<O>,
): UnaryMethod => ({
  kind: 'unary',
  handle: async (request) => output.toBinary(await run(input.fromBinary(request))),
});

/** Binds a function to the message types of a streaming method. */
export const stream = <I extends object, O extends object>(
  input: IMessageType<I>,
  output: IMessageType<O>,
  run: (request: I, push: (answer: O) => void, done: () => void) => () => void,
): StreamMethod => ({
  kind: 'stream',
  handle: (request, push, done) => run(input.fromBinary(request), (answer) => push(output.toBinary(answer)), done),
});
