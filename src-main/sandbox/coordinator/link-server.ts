/** The coordinator's WebSocket door on loopback: path, subprotocol, frame size, no compression (coordinator.md 3, "Transport"). */
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { WebSocketServer, type WebSocket } from 'ws';
import { linkLimits } from '../../../src-shared/link/codes.ts';

/** The open door. */
export type LinkServer = {
  /** `ws://127.0.0.1:<port>/v1/link` */
  readonly url: string;
  /** While set, every connection is cut and none is let in: the fault "drop link". */
  setDropped(dropped: boolean): void;
  stop(): Promise<void>;
};

const refuseUpgrade = (socket: Duplex, status: string): void => {
  socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
};

const offersProtocol = (request: IncomingMessage): boolean =>
  (request.headers['sec-websocket-protocol'] ?? '').split(',').some((name) => name.trim() === linkLimits.subprotocol);

/** Listens on 127.0.0.1 (port 0: any free one) and hands every accepted socket to `onSocket`. */
export async function openLinkServer(options: { port: number }, onSocket: (socket: WebSocket) => void): Promise<LinkServer> {
  const http = createServer((_, response) => response.writeHead(426).end());
  const sockets = new WebSocketServer({
    noServer: true,
    perMessageDeflate: false,
    maxPayload: linkLimits.maxFrameBytes,
    // Checked by the frame reader, so that broken UTF-8 is a protocol fault (1008) like any other broken frame.
    skipUTF8Validation: true,
    handleProtocols: () => linkLimits.subprotocol,
  });
  let dropped = false;
  http.on('upgrade', (request, socket, head) => {
    socket.on('error', () => socket.destroy());
    if (dropped) return void socket.destroy();
    if (new URL(request.url ?? '/', 'ws://127.0.0.1').pathname !== linkLimits.path) return refuseUpgrade(socket, '404 Not Found');
    if (!offersProtocol(request)) return refuseUpgrade(socket, '400 Bad Request');
    sockets.handleUpgrade(request, socket, head, onSocket);
  });
  await new Promise<void>((resolve, reject) => {
    http.once('error', reject);
    http.listen(options.port, '127.0.0.1', resolve);
  });
  const { port } = http.address() as AddressInfo;
  const cutAll = (): void => sockets.clients.forEach((client) => client.terminate());
  return {
    url: `ws://127.0.0.1:${port}${linkLimits.path}`,
    setDropped: (value) => {
      dropped = value;
      if (value) cutAll();
    },
    stop: () =>
      new Promise((resolve) => {
        dropped = true;
        // Give a bye already written the chance to leave; who does not close is cut.
        sockets.clients.forEach((client) => (client.readyState === client.CLOSING ? setTimeout(() => client.terminate(), 500).unref() : client.terminate()));
        sockets.close();
        http.close(() => resolve());
        http.closeAllConnections();
      }),
  };
}
