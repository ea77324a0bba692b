/** One WebSocket to the coordinator: subprotocol, limits, frames handled in their order, a close that always ends (coordinator.md 3, "Transport"). */
import { setImmediate as nextTurn } from 'node:timers/promises';
import { WebSocket } from 'ws';
import { linkLimits } from '../../src-shared/link/codes.ts';
import type { NodeMessage } from '../../src-shared/link/messages.ts';

type Handlers = {
  /** One frame; the next one waits until this is done. `text` is empty for a binary frame. */
  onFrame(text: string, isBinary: boolean): Promise<void> | void;
  /** Handling a frame failed; what the frame did is unknown. */
  onFailed(caught: unknown): void;
  /** The server did not agree to the subprotocol. */
  onWrongProtocol(): void;
  /** The connection failed or was closed; told after every frame that came before it. */
  onLost(detail: string): void;
};

export type PeerSocket = {
  /** Sends a frame while the socket is open; a write that fails shows as a close. */
  write(frame: NodeMessage): void;
  /** Closes; a peer that does not answer is cut off after the grace time. */
  close(code: number, reason: string): void;
  /** Resolves when the socket is gone. */
  closed: Promise<void>;
};

const closeGraceMs = 2_000;
/** A close frame has room for 123 bytes of reason. */
const maxReasonBytes = 120;

/** Opens the socket. */
export function openPeerSocket(
  url: string,
  schedule: (delayMs: number, work: () => void) => () => void,
  handlers: Handlers,
): PeerSocket {
  const socket = new WebSocket(url, linkLimits.subprotocol, {
    maxPayload: linkLimits.maxFrameBytes,
    perMessageDeflate: false,
    handshakeTimeout: linkLimits.helloTimeoutMs,
  });
  let inbox: Promise<void> = Promise.resolve();
  socket.on('message', (data, isBinary) => {
    const text = isBinary ? '' : asText(data);
    // Frames that come together, such as the receipts of a batch, are handled one a turn: each checks a signature and commits, and nothing else would run until the last.
    inbox = inbox.then(() => nextTurn()).then(() => handlers.onFrame(text, isBinary)).catch(handlers.onFailed);
  });
  socket.on('open', () => {
    if (socket.protocol !== linkLimits.subprotocol) handlers.onWrongProtocol();
  });
  socket.on('error', (error) => handlers.onLost(error.message));
  const closed = new Promise<void>((resolve) => {
    socket.on('close', (code, reason) => {
      void inbox.then(() => {
        handlers.onLost(`closed ${code} ${reason.toString('utf8')}`.trim());
        resolve();
      });
    });
  });
  return {
    write: (frame) => {
      if (socket.readyState === WebSocket.OPEN) socket.send(JSON.stringify(frame), () => undefined);
    },
    close: (code, reason) => {
      socket.close(
        code,
        Buffer.from(reason)
          .subarray(0, maxReasonBytes)
          .toString('utf8')
          .replace(/\uFFFD+$/, ''),
      );
      const callOff = schedule(closeGraceMs, () => socket.terminate());
      void closed.then(callOff);
    },
    closed,
  };
}

/** A text frame as its text, however the socket cut it. */
function asText(data: Buffer | ArrayBuffer | Buffer[]): string {
  if (Array.isArray(data)) return Buffer.concat(data).toString('utf8');
  return data instanceof ArrayBuffer ? Buffer.from(data).toString('utf8') : data.toString('utf8');
}
