/** Reads and writes WAV files, the one audio format of ai.speech bodies and results (coordinator.md 4). Pure. */
import { badInput } from './engine-failure.ts';

/** Mono samples in [-1, 1]. */
export type Sound = { samples: Float32Array; rate: number };

const lowestRate = 8_000;
const highestRate = 192_000;
const mostChannels = 8;
const pcm = 1;
const float = 3;
const extensible = 0xfffe;

/** Bytes of a sample → its value. */
const readers: Record<string, (view: DataView, at: number) => number> = {
  '1:8': (view, at) => (view.getUint8(at) - 128) / 128,
  '1:16': (view, at) => view.getInt16(at, true) / 32_768,
  '1:24': (view, at) => ((view.getInt8(at + 2) << 16) | view.getUint16(at, true)) / 8_388_608,
  '1:32': (view, at) => view.getInt32(at, true) / 2_147_483_648,
  '3:32': (view, at) => view.getFloat32(at, true),
  '3:64': (view, at) => view.getFloat64(at, true),
};

type Format = { read: (view: DataView, at: number) => number; channels: number; rate: number; sampleBytes: number };

/** Reads a file, channels averaged. @throws EngineFailure inference.bad_input when it is no WAV file this can read */
export function readWav(bytes: Uint8Array): Sound {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const tag = (at: number): string => String.fromCharCode(...bytes.subarray(at, at + 4));
  if (bytes.length < 12 || tag(0) !== 'RIFF' || tag(8) !== 'WAVE') throw badInput('the audio is not a WAV file');
  let format: Format | null = null;
  for (let at = 12; at + 8 <= bytes.length; ) {
    const size = view.getUint32(at + 4, true);
    const begin = at + 8;
    if (tag(at) === 'fmt ') format = readFormat(view, begin, Math.min(size, bytes.length - begin));
    if (tag(at) === 'data') {
      if (format === null) throw badInput('the WAV file says no format before its data');
      // Writers that stream leave the length open; what is there is what counts.
      return readData(view, begin, Math.min(size, bytes.length - begin), format);
    }
    at = begin + size + (size % 2);
  }
  throw badInput('the WAV file has no data');
}

function readFormat(view: DataView, at: number, size: number): Format {
  if (size < 16) throw badInput('the WAV file says no format');
  const coded = view.getUint16(at, true);
  const code = coded === extensible && size >= 26 ? view.getUint16(at + 24, true) : coded;
  const channels = view.getUint16(at + 2, true);
  const rate = view.getUint32(at + 4, true);
  const bits = view.getUint16(at + 14, true);
  const read = code === pcm || code === float ? readers[`${code}:${bits}`] : undefined;
  if (read === undefined) throw badInput('the WAV file is neither PCM nor float');
  if (channels < 1 || channels > mostChannels || rate < lowestRate || rate > highestRate) throw badInput('the WAV file has a rate or channels that are not read');
  return { read, channels, rate, sampleBytes: bits / 8 };
}

function readData(view: DataView, begin: number, size: number, { read, channels, rate, sampleBytes }: Format): Sound {
  const frameBytes = channels * sampleBytes;
  const samples = new Float32Array(Math.floor(size / frameBytes));
  for (let frame = 0; frame < samples.length; frame++) {
    let sum = 0;
    for (let channel = 0; channel < channels; channel++) sum += read(view, begin + frame * frameBytes + channel * sampleBytes);
    samples[frame] = sum / channels;
  }
  if (samples.length === 0) throw badInput('the WAV file is empty');
  if (!samples.every(Number.isFinite)) throw badInput('the WAV file holds what is no number');
  return { samples, rate };
}

/** The sound at another rate: a mean over what each new sample covers when there are fewer, else straight lines between the old ones. */
export function resample({ samples, rate }: Sound, wanted: number): Float32Array {
  if (rate === wanted) return samples;
  const step = rate / wanted;
  const out = new Float32Array(Math.max(1, Math.round(samples.length / step)));
  for (let n = 0; n < out.length; n++) {
    const at = n * step;
    if (step > 1) {
      const [from, to] = [Math.floor(at), Math.min(samples.length, Math.max(Math.floor(at) + 1, Math.floor(at + step)))];
      let sum = 0;
      for (let i = from; i < to; i++) sum += samples[i] as number;
      out[n] = sum / Math.max(1, to - from);
    } else {
      const left = Math.min(samples.length - 1, Math.floor(at));
      const a = samples[left] as number;
      out[n] = a + ((samples[Math.min(samples.length - 1, left + 1)] as number) - a) * (at - left);
    }
  }
  return out;
}

/** "for audio one per 10 ms … rounded up" (coordinator.md 6). */
export const audioUnits = (samples: number, rate: number): number => Math.ceil((samples * 100) / rate);

const headerBytes = 44;

/** A file of 16-bit PCM, one channel. */
export function writeWav({ samples, rate }: Sound): Uint8Array {
  const bytes = new Uint8Array(headerBytes + samples.length * 2);
  const view = new DataView(bytes.buffer);
  const text = (at: number, word: string): void => bytes.set(new TextEncoder().encode(word), at);
  text(0, 'RIFF');
  view.setUint32(4, bytes.length - 8, true);
  text(8, 'WAVEfmt ');
  view.setUint32(16, 16, true);
  view.setUint16(20, pcm, true);
  view.setUint16(22, 1, true);
  view.setUint32(24, rate, true);
  view.setUint32(28, rate * 2, true);
  view.setUint16(32, 2, true);
  view.setUint16(34, 16, true);
  text(36, 'data');
  view.setUint32(40, samples.length * 2, true);
  samples.forEach((value, n) => view.setInt16(headerBytes + n * 2, Math.max(-32_768, Math.min(32_767, Math.round(value * 32_768))), true));
  return bytes;
}
