/** The path draws exactly the dark modules of the code, and keeps the quiet zone free. */
import { encode } from 'uqr';
import { describe, expect, it } from 'vitest';
import { qrPath } from './qr-path.ts';

const address = `0x${'5a'.repeat(32)}`;

describe('qrPath', () => {
  it('covers the dark modules and no other', () => {
    const { size, path } = qrPath(address);
    const { data } = encode(address, { ecc: 'M', border: 4 });
    const drawn = Array.from({ length: size }, () => Array.from({ length: size }, () => false));
    for (const [, x, y, width] of path.matchAll(/M(\d+) (\d+)h(\d+)v1h-\d+z/g)) {
      for (let at = Number(x); at < Number(x) + Number(width); at += 1) (drawn[Number(y)] as boolean[])[at] = true;
    }
    expect(drawn).toEqual(data);
    for (let at = 0; at < size; at += 1)
      expect([drawn[3]?.[at], drawn[at]?.[3], drawn[size - 4]?.[at]]).toEqual([false, false, false]);
  });
});
