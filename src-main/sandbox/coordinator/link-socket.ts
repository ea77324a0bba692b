/** One node's socket as frames: text, JSON, a known type and its schema, one after the other; anything else closes it (coordinator.md 3, "Transport"). */
import type { RawData, WebSocket } from 'ws';
import { linkLimits } from '../../../src-shared/link/codes.ts';
import { nodeMessageSchema, type CoordinatorMessage, type NodeMessage } from '../../../src-shared/link/messages.ts';
import type { Logger } from '../../log/logger.ts';
import type { Schedule } from '../schedule.ts';

/** What the owner of a socket may do with it. After `fault`, `bye` or `refuse` nothing more is sent or heard. */
export type LinkSocket = {
  readonly closed: boolean;
  send(message: CoordinatorMessage): void;
  /** The other side broke the protocol: close 1008 with a reason. */
  fault(reason: string): void;
  /** Says bye and closes 1000. */
  bye(code: string, message?: string): void;
  /** Closes with `code` without a message of the protocol. */
  close(code: number, reason: string): void;
  /** Cuts the connection without a word. */
  cut(): void;
  /** True when the other side answers a ping in time. */
  answersPing(timeoutMs: number): Promise<boolean>;
};

/** Who listens. `onFrame` is awaited before the next frame is looked at; `mayCome` is asked at arrival. */
export type FrameListener = {
  /** Null when the frame may come now, else the fault: "comes … before its time". */
  mayCome(message: NodeMessage): string | null;
  onFrame(message: NodeMessage): Promise<void>;
  /** Once, as soon as nothing more can be exchanged. */
  onEnd(endedBy: string): void;
};

const maxReasonBytes = 120;
const clip = (reason: string): string => Buffer.from(reason).subarray(0, maxReasonBytes).toString('utf8').replace(/\uFFFD+$/, '');

/** Reads one frame; a string is the fault. */
export function readFrame(data: Uint8Array, isBinary: boolean): NodeMessage | string {
  if (isBinary) return 'binary frame';
  let json: unknown;
  try {
    json = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(data));
  } catch {
    return 'frame is not JSON in UTF-8';
  }
  const parsed = nodeMessageSchema.safeParse(json);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  return `frame does not fit: ${issue?.path.join('.') || 'type'} ${issue?.message ?? ''}`;
}

/** Wraps an accepted WebSocket. */
export function createLinkSocket(socket: WebSocket, listener: FrameListener, deps: { schedule: Schedule; log: Logger }): LinkSocket {
  let ended = false;
  let tail: Promise<void> = Promise.resolve();
  const end = (endedBy: string): boolean => {
    if (ended) return false;
    ended = true;
    listener.onEnd(endedBy);
    return true;
  };
  const close = (code: number, reason: string): void => {
    if (!end(reason)) return;
    deps.log.info('coordinator.link_closed', { code, reason });
    socket.close(code, clip(reason));
  };
  const self: LinkSocket = {
    get closed() {
      return ended;
    },
    send: (message) => {
      if (!ended) socket.send(JSON.stringify(message));
    },
    fault: (reason) => close(linkLimits.closeProtocol, reason),
    bye: (code, message) => {
      self.send({ type: 'bye', code, ...(message === undefined ? {} : { message }) });
      close(1000, code);
    },
    close,
    cut: () => {
      end('cut');
      socket.terminate();
    },
    answersPing: (timeoutMs) =>
      new Promise((resolve) => {
        const settle = (answered: boolean): void => {
          cancel();
          socket.off('pong', onPong);
          socket.off('close', onClose);
          resolve(answered);
        };
        const onPong = (): void => settle(true);
        const onClose = (): void => settle(false);
        const cancel = deps.schedule(timeoutMs, onClose);
        socket.once('pong', onPong);
        socket.once('close', onClose);
        if (ended || socket.readyState !== socket.OPEN) settle(false);
        else socket.ping();
      }),
  };
  const handle = async (message: NodeMessage): Promise<void> => {
    if (ended) return;
    try {
      await listener.onFrame(message);
    } catch (error) {
      // Our own trouble (the chain does not answer, the disk is full) is not the node's fault: it may come back.
      deps.log.warn('coordinator.frame_failed', { type: message.type, error });
      close(1013, 'try again later');
    }
  };
  socket.on('message', (data: RawData, isBinary: boolean) => {
    if (ended) return;
    const message = readFrame(data as Buffer, isBinary);
    const fault = typeof message === 'string' ? message : listener.mayCome(message);
    if (fault !== null) return self.fault(fault);
    tail = tail.then(() => handle(message as NodeMessage));
  });
  socket.on('close', (code: number) => end(`closed ${code}`));
  // Oversized and malformed WebSocket frames: ws itself closes with 1009 or 1002.
  socket.on('error', (error: Error) => {
    deps.log.info('coordinator.socket_error', { error });
    end('socket error');
  });
  return self;
}
