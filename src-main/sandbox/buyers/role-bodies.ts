/** Requests of the roles beside chat, written for the sandbox's own models and cut to what a stack has left: sentences, pictures, words to speak, words to hear (coordinator.md 4). */
import { deflateSync, crc32 } from 'node:zlib';

/** What to send next on a stack; as a chat request's plan. */
export type RolePlan = { kind: 'send'; body: string; maxComputeUnits: number; stream: boolean } | { kind: 'wait' } | { kind: 'spent' };

type Facts = { role: number; modelName: string; number: number; unitsLeft: number; unitsLocked: number };

const names = ['Ada', 'Ben', 'Cleo', 'Dan', 'Eva'] as const;
const things = ['lamp', 'kite', 'book', 'rope', 'drum'] as const;
const colours = { red: [220, 40, 40], green: [40, 180, 60], blue: [40, 70, 220], yellow: [230, 220, 50] } as const;
const of = <T>(list: readonly T[], number: number): T => list[number % list.length] as T;

/** A letter takes seven frames of 20 ms in the sandbox's tone alphabet (scripts/model/tones.py), two units each. */
const unitsPerLetter = 14;
const longestSpoken = 12;
const visionUnits = 96;
const embedUnits = 40;
const imageSide = 32;
const image = { width: 16, height: 16 };

/** Plans the n-th request of a role, or null where buyers have none to send. */
export function planRole({ role, modelName: model, number, unitsLeft, unitsLocked }: Facts): RolePlan | null {
  const least = { 1: embedUnits, 2: visionUnits, 3: image.width * image.height, 4: unitsPerLetter, 5: unitsPerLetter }[role];
  if (least === undefined) return null;
  if (unitsLeft < least) return { kind: unitsLocked > 0 ? 'wait' : 'spent' };
  const send = (body: object, maxComputeUnits: number, stream = false): RolePlan => ({ kind: 'send', body: JSON.stringify({ model, ...body }), maxComputeUnits, stream });
  const letters = Math.min(longestSpoken, Math.floor(unitsLeft / unitsPerLetter));
  const spoken = `${of(things, number)} of ${of(names, number)}`.toLowerCase().slice(0, letters);
  switch (role) {
    case 1:
      return send({ input: [`Say hello to ${of(names, number)}.`, `The ${of(things, number)} is red.`], encoding_format: number % 2 === 0 ? 'float' : 'base64' }, embedUnits);
    case 2: {
      const question = number % 2 === 0 ? 'What colour is the ground?' : 'What colour is the square?';
      const url = `data:image/png;base64,${picture(number).toString('base64')}`;
      return send({ messages: [{ role: 'user', content: [{ type: 'image_url', image_url: { url } }, { type: 'text', text: question }] }], temperature: 0 }, visionUnits, number % 3 === 0);
    }
    case 3:
      return send({ prompt: `a ${of(things, number)}`, size: `${image.width}x${image.height}`, n: 1 }, image.width * image.height);
    case 4:
      return send({ input: spoken, voice: 'default', response_format: 'wav' }, Math.min(unitsLeft, longestSpoken * unitsPerLetter));
    default:
      return send({ file: tones(spoken).toString('base64'), response_format: 'json' }, spoken.length * unitsPerLetter);
  }
}

const rate = 16_000;
const frame = 320;
const soundingFrames = 5;
const frames = 7;
const wavHeader = 44;

/** A WAV file of the tone alphabet: a tone for each letter, silence for a space. */
export function tones(text: string): Buffer {
  const samples = text.length * frames * frame;
  const file = Buffer.alloc(wavHeader + samples * 2);
  file.write('RIFF', 0);
  file.writeUInt32LE(file.length - 8, 4);
  file.write('WAVEfmt ', 8);
  file.writeUInt32LE(16, 16);
  file.writeUInt16LE(1, 20);
  file.writeUInt16LE(1, 22);
  file.writeUInt32LE(rate, 24);
  file.writeUInt32LE(rate * 2, 28);
  file.writeUInt16LE(2, 32);
  file.writeUInt16LE(16, 34);
  file.write('data', 36);
  file.writeUInt32LE(samples * 2, 40);
  [...text].forEach((letter, place) => {
    if (letter < 'a' || letter > 'z') return;
    const hertz = 400 + 150 * (letter.charCodeAt(0) - 97);
    for (let n = 0; n < soundingFrames * frame; n += 1) file.writeInt16LE(Math.round(16_384 * Math.sin((2 * Math.PI * hertz * n) / rate)), wavHeader + (place * frames * frame + n) * 2);
  });
  return file;
}

/** A PNG of a square on a ground, in two of four colours. */
export function picture(number: number): Buffer {
  const palette = Object.values(colours);
  const [ground, square] = [of(palette, number), of(palette, number + 1)];
  const rows = Buffer.alloc(imageSide * (1 + imageSide * 3));
  for (let y = 0; y < imageSide; y += 1)
    for (let x = 0; x < imageSide; x += 1) {
      const inside = x >= 8 && x < 24 && y >= 8 && y < 24;
      rows.set(inside ? square : ground, y * (1 + imageSide * 3) + 1 + x * 3);
    }
  const chunk = (kind: string, data: Buffer): Buffer => {
    const named = Buffer.concat([Buffer.from(kind, 'latin1'), data]);
    const ends = Buffer.alloc(8);
    ends.writeUInt32BE(data.length, 0);
    ends.writeUInt32BE(crc32(named), 4);
    return Buffer.concat([ends.subarray(0, 4), named, ends.subarray(4)]);
  };
  const header = Buffer.alloc(13);
  header.writeUInt32BE(imageSide, 0);
  header.writeUInt32BE(imageSide, 4);
  header.set([8, 2, 0, 0, 0], 8);
  return Buffer.concat([Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]), chunk('IHDR', header), chunk('IDAT', deflateSync(rows)), chunk('IEND', Buffer.alloc(0))]);
}
