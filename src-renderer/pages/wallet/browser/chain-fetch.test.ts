/** Bytes pass unchanged both ways, the method is the path, and a refusal of the bridge is the caller's. */
import { describe, expect, it } from 'vitest';
import { AppError } from '../../../../src-shared/errors.ts';
import { chainBaseUrl, createChainFetch } from './chain-fetch.ts';

const bytes = Uint8Array.from({ length: 70_000 }, (_, index) => index % 256);

describe('createChainFetch', () => {
  it('carries method, content type and every byte', async () => {
    const seen: unknown[] = [];
    const read = createChainFetch({
      call: async (name, input) => {
        seen.push([name, input]);
        return {
          status: 200,
          contentType: 'application/grpc-web-text',
          body: (input as { body: string }).body,
        } as never;
      },
    });
    const response = await read(`${chainBaseUrl}/sui.rpc.v2.LedgerService/GetObject`, {
      method: 'POST',
      body: bytes,
      headers: { 'content-type': 'application/grpc-web-text' },
    });
    expect(seen).toEqual([
      [
        'chain.read',
        {
          method: 'sui.rpc.v2.LedgerService/GetObject',
          contentType: 'application/grpc-web-text',
          body: btoa(
            String.fromCharCode(...bytes.subarray(0, 35_000)) + String.fromCharCode(...bytes.subarray(35_000)),
          ),
        },
      ],
    ]);
    expect(response.headers.get('content-type')).toBe('application/grpc-web-text');
    expect(new Uint8Array(await response.arrayBuffer())).toEqual(bytes);
  });
  it('lets a refusal through', async () => {
    const read = createChainFetch({ call: () => Promise.reject(new AppError('chain.unreachable')) });
    await expect(read(`${chainBaseUrl}/x.Y/Z`, { method: 'POST', body: '' })).rejects.toMatchObject({
      code: 'chain.unreachable',
    });
  });
});
