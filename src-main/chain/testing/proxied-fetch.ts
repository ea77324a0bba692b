/** A fetch through which one full node appears under several addresses, each honest, dead, lagging or of another chain, for tests. */
import { GrpcTypes } from '@mysten/sui/grpc';

/** What stands behind an address. Methods are named as `GetTransaction`. */
export type Behaviour =
  | 'honest'
  | 'dead'
  | {
      serviceInfo?: { chainId: string; epoch: bigint; checkpointHeight: bigint };
      /** Answered with NOT_FOUND. */
      notFound?: readonly string[];
      /** Not answered at all. */
      silent?: readonly string[];
    };

/** The fetch, and what was asked through it. */
export type Proxied = { fetch: typeof fetch; set(url: string, behaviour: Behaviour): void; calls: [string, string][] };

const notFoundCode = 5;

/** Addresses that were not set are honest. */
export function proxiedFetch(target: string): Proxied {
  const behaviours = new Map<string, Behaviour>();
  const calls: [string, string][] = [];
  return {
    calls,
    set: (url, behaviour) => void behaviours.set(url, behaviour),
    fetch: async (input, init) => {
      const asked = new URL(String(input instanceof Request ? input.url : input));
      const method = asked.pathname.split('/').at(-1) ?? '';
      const behaviour = behaviours.get(asked.origin) ?? 'honest';
      calls.push([asked.origin, method]);
      if (behaviour === 'dead') throw new TypeError('connection refused');
      const lies = behaviour === 'honest' ? {} : behaviour;
      if (method === 'GetServiceInfo' && lies.serviceInfo) return message(GrpcTypes.GetServiceInfoResponse.toBinary(lies.serviceInfo));
      if (lies.notFound?.includes(method)) return status(notFoundCode, 'not found');
      if (lies.silent?.includes(method)) throw new TypeError('connection lost');
      return fetch(`${target}${asked.pathname}`, init);
    },
  };
}

const headers = { 'content-type': 'application/grpc-web+proto' };
const status = (code: number, text: string): Response => new Response(new Uint8Array(), { status: 200, headers: { ...headers, 'grpc-status': String(code), 'grpc-message': text } });

/** A data frame and the trailers behind it. */
function message(bytes: Uint8Array): Response {
  const frame = (flag: number, body: Uint8Array): Buffer => {
    const head = Buffer.alloc(5);
    head[0] = flag;
    head.writeUInt32BE(body.length, 1);
    return Buffer.concat([head, body]);
  };
  return new Response(new Uint8Array(Buffer.concat([frame(0, bytes), frame(0x80, Buffer.from('grpc-status: 0\r\n'))])), { status: 200, headers });
}
