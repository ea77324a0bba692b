/** A QR code as one SVG path, so that no script and no style of another origin is needed (content security policy). */
import { encode } from 'uqr';

/** Side of the code in modules with its quiet zone, and the path of its dark modules, one unit each. */
export type QrPath = { size: number; path: string };

/** Medium error correction and the quiet zone of four modules that the standard asks for. */
export function qrPath(text: string): QrPath {
  const { data, size } = encode(text, { ecc: 'M', border: 4 });
  const runs: string[] = [];
  data.forEach((row, y) => {
    for (let x = 0; x < row.length; x += 1) {
      if (row[x] !== true) continue;
      const from = x;
      while (row[x + 1] === true) x += 1;
      runs.push(`M${from} ${y}h${x - from + 1}v1h-${x - from + 1}z`);
    }
  });
  return { size, path: runs.join('') };
}
