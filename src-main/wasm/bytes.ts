/** Reads and writes the binary format's numbers (WebAssembly core specification 5.2); every read is bounded and every number has its one range. */

/** A place in a module; @throws WasmRefusal past the end, or for a number that is too long or too large. */
export type Reader = {
  readonly at: number;
  readonly end: number;
  done(): boolean;
  byte(): number;
  /** The next byte, which stays. */
  peek(): number;
  u32(): number;
  /** Passes over a signed number of at most `bits`. */
  skipSigned(bits: 33 | 32 | 64): void;
  bytes(length: number): Uint8Array;
  /** A name in UTF-8. */
  name(): string;
  /** A reader of the next `length` bytes, which this one passes over. */
  part(length: number): Reader;
};

/** Why a module is not run: it is malformed, uses what is not allowed here, or is larger than it may be. */
export class WasmRefusal extends Error {}

/** Reads `bytes` from `start` up to `end`. */
export function createReader(bytes: Uint8Array, start = 0, end = bytes.length): Reader {
  let at = start;
  const need = (length: number): void => {
    if (length > end - at) throw new WasmRefusal('it ends too early');
  };
  const byte = (): number => {
    need(1);
    return bytes[at++]!;
  };
  return {
    get at() {
      return at;
    },
    end,
    done: () => at === end,
    byte,
    peek() {
      need(1);
      return bytes[at]!;
    },
    u32() {
      let value = 0;
      for (let shift = 0; shift < 35; shift += 7) {
        const next = byte();
        if (shift === 28 && next > 0x0f) break;
        value += (next & 0x7f) * 2 ** shift;
        if (next < 0x80) return value;
      }
      throw new WasmRefusal('a number is too large');
    },
    skipSigned(bits) {
      for (let length = 1; byte() >= 0x80; length += 1) if (length >= Math.ceil(bits / 7)) throw new WasmRefusal('a number is too long');
    },
    bytes(length) {
      need(length);
      at += length;
      return bytes.subarray(at - length, at);
    },
    name() {
      const text = this.bytes(this.u32());
      try {
        return new TextDecoder('utf-8', { fatal: true }).decode(text);
      } catch {
        throw new WasmRefusal('a name is not UTF-8');
      }
    },
    part(length) {
      need(length);
      at += length;
      return createReader(bytes, at - length, at);
    },
  };
}

/** Unsigned LEB128. */
export function u32(value: number): number[] {
  const out: number[] = [];
  let rest = value;
  do {
    const low = rest % 128;
    rest = Math.floor(rest / 128);
    out.push(rest > 0 ? low | 0x80 : low);
  } while (rest > 0);
  return out;
}

/** Signed LEB128 of a number that is not negative. */
export function positive(value: number): number[] {
  const out = u32(value);
  // The top bit of the last byte is the sign.
  if ((out.at(-1)! & 0x40) !== 0) {
    out[out.length - 1]! |= 0x80;
    out.push(0);
  }
  return out;
}

/** Collects bytes. */
export type Writer = {
  push(bytes: ArrayLike<number>): void;
  readonly length: number;
  /** A copy. */
  take(): Uint8Array;
  /** Gives the bytes to another writer and is empty again. */
  moveTo(other: Writer): void;
};

/** A growing buffer. */
export function createWriter(capacity = 1024): Writer {
  let buffer = new Uint8Array(capacity);
  let length = 0;
  return {
    push(bytes) {
      if (length + bytes.length > buffer.length) {
        const larger = new Uint8Array(Math.max(buffer.length * 2, length + bytes.length));
        larger.set(buffer.subarray(0, length));
        buffer = larger;
      }
      buffer.set(bytes, length);
      length += bytes.length;
    },
    get length() {
      return length;
    },
    take: () => buffer.slice(0, length),
    moveTo(other) {
      other.push(buffer.subarray(0, length));
      length = 0;
    },
  };
}

/** A section or vector entry with its length before it. */
export function sized(bytes: Uint8Array): Uint8Array {
  const out = createWriter(bytes.length + 5);
  out.push(u32(bytes.length));
  out.push(bytes);
  return out.take();
}
