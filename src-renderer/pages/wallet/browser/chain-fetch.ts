/** A fetch for the read-only chain client: gRPC-web through the bridge, so that main owns the endpoint (stack.md 5, "Who talks to the network"). */
import type { Client } from '../../../bridge.ts';

const toBase64 = (bytes: Uint8Array): string => {
  let text = '';
  for (let at = 0; at < bytes.length; at += 0x8000) text += String.fromCharCode(...bytes.subarray(at, at + 0x8000));
  return btoa(text);
};

const fromBase64 = (text: string): Uint8Array<ArrayBuffer> =>
  Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));

/** Name for a base URL that is never contacted. */
export const chainBaseUrl = 'http://chain.invalid';

/** `fetch` over the call `chain.read`; the method is the path of the URL ("package.Service/Method"). */
export function createChainFetch(client: Pick<Client, 'call'>): typeof fetch {
  return async (input, init) => {
    const request = new Request(input, init);
    const body = toBase64(new Uint8Array(await request.arrayBuffer()));
    const method = new URL(request.url).pathname.slice(1);
    const contentType = request.headers.get('content-type') ?? 'application/grpc-web+proto';
    const answer = await client.call('chain.read', { method, contentType, body });
    return new Response(fromBase64(answer.body), {
      status: answer.status,
      headers: { 'content-type': answer.contentType },
    });
  };
}
