/** The containers name each image's place and length right, so that the systems find the PNG they want. */
import { describe, expect, it } from 'vitest';
import { icnsFile, icoFile } from './icon-files.ts';

const images = [{ size: 16, png: Buffer.from('sixteen') }, { size: 256, png: Buffer.from('two hundred and fifty-six') }];

describe('icon files', () => {
  it('lists and carries the images of an .ico', () => {
    const file = icoFile(images);
    expect([file.readUInt16LE(0), file.readUInt16LE(2), file.readUInt16LE(4)]).toEqual([0, 1, 2]);
    const found = [0, 1].map((index) => {
      const at = 6 + 16 * index;
      const [length, offset] = [file.readUInt32LE(at + 8), file.readUInt32LE(at + 12)];
      return [file.readUInt8(at), file.subarray(offset, offset + length).toString()];
    });
    expect(found).toEqual([[16, 'sixteen'], [0, 'two hundred and fifty-six']]);
  });
  it('lists and carries the images of an .icns', () => {
    const file = icnsFile(images);
    expect(file.toString('latin1', 0, 4)).toBe('icns');
    expect(file.readUInt32BE(4)).toBe(file.length);
    expect(file.toString('latin1', 8, 12)).toBe('icp4');
    expect(file.subarray(16, 16 + file.readUInt32BE(12) - 8).toString()).toBe('sixteen');
    expect(() => icnsFile([{ size: 48, png: Buffer.alloc(1) }])).toThrow('48');
  });
});
