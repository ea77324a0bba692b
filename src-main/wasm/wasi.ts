/** WASI preview 1 without files, network, clock or chance: arguments, standard streams, and numbers that follow from the task alone (coordinator.md 4, wasm.run). */
import { createHash } from 'node:crypto';

/** What a run gets. */
export type WasiInput = { args: readonly string[]; stdin: Uint8Array; taskId: string; taskTimeMs: number };

/** What the host needs of the running module. */
export type WasiMachine = {
  memory(): ArrayBuffer;
  /** Counts work that the host does for the module, in instructions; @throws OutOfFuel */
  charge(instructions: number): void;
  /** Instructions so far. */
  instructions(): bigint;
};

/** The module asked to end. */
export class Exited extends Error {
  readonly code: number;
  constructor(code: number) {
    super('exited');
    this.code = code;
  }
}
/** It wrote more than any result can carry. */
export class OutputTooLarge extends Error {}

const errno = { success: 0, badf: 8, fault: 21, inval: 28, nosys: 52, notsup: 58, spipe: 70 } as const;
/** Bytes of both streams together; in base64 they are past the 2 MiB of a result. */
export const maxOutputBytes = 1_600_000;
const callCost = 32;
const maxVectors = 1_024;

export type Wasi = { functions: Record<string, (...args: never[]) => number>; output(): { stdout: Uint8Array; stderr: Uint8Array } };

/** Parameter types of every function that a module may import (i: i32, I: i64); all answer an i32 but proc_exit. */
export const wasiSignatures: Record<string, string> = {
  args_get: 'ii', args_sizes_get: 'ii', environ_get: 'ii', environ_sizes_get: 'ii', clock_res_get: 'ii', clock_time_get: 'iIi', random_get: 'ii', sched_yield: '', proc_exit: 'i', proc_raise: 'i',
  fd_read: 'iiii', fd_write: 'iiii', fd_close: 'i', fd_fdstat_get: 'ii', fd_seek: 'iIii', fd_tell: 'ii', fd_prestat_get: 'ii', fd_prestat_dir_name: 'iii', poll_oneoff: 'iiii',
  fd_advise: 'iIIi', fd_allocate: 'iII', fd_datasync: 'i', fd_fdstat_set_flags: 'ii', fd_fdstat_set_rights: 'iII', fd_filestat_get: 'ii', fd_filestat_set_size: 'iI', fd_filestat_set_times: 'iIIi',
  fd_pread: 'iiiIi', fd_pwrite: 'iiiIi', fd_readdir: 'iiiIi', fd_renumber: 'ii', fd_sync: 'i',
  path_create_directory: 'iii', path_filestat_get: 'iiiii', path_filestat_set_times: 'iiiiIIi', path_link: 'iiiiiii', path_open: 'iiiiiIIii', path_readlink: 'iiiiii', path_remove_directory: 'iii',
  path_rename: 'iiiiii', path_symlink: 'iiiii', path_unlink_file: 'iii', sock_accept: 'iii', sock_recv: 'iiiiii', sock_send: 'iiiii', sock_shutdown: 'ii',
};

/** Creates the functions of one run. */
export function createWasi(input: WasiInput, machine: WasiMachine): Wasi {
  const args = input.args.map((arg) => new TextEncoder().encode(`${arg}\0`));
  const written: { fd: 1 | 2; bytes: Uint8Array }[] = [];
  let total = 0;
  let read = 0;
  const chance = createChance(input.taskId);
  const view = (): DataView => new DataView(machine.memory());
  const at = (pointer: number): number => pointer >>> 0;
  const slice = (pointer: number, length: number): Uint8Array => {
    if (at(pointer) + at(length) > machine.memory().byteLength) throw new RangeError('outside of the memory');
    return new Uint8Array(machine.memory(), at(pointer), at(length));
  };
  const put32 = (pointer: number, value: number): void => view().setUint32(at(pointer), value, true);
  const put64 = (pointer: number, value: bigint): void => view().setBigUint64(at(pointer), value, true);

  const vectors = (pointer: number, count: number): Uint8Array[] => {
    if (at(count) > maxVectors) throw new RangeError('too many parts');
    return Array.from({ length: at(count) }, (_, index) => slice(view().getUint32(at(pointer) + index * 8, true), view().getUint32(at(pointer) + index * 8 + 4, true)));
  };
  const work = (bytes: number, parts: number): void => machine.charge(Math.ceil(bytes / 8) + parts * callCost);
  const texts = (pointers: number, buffer: number, all: readonly Uint8Array[]): number => {
    let to = at(buffer);
    all.forEach((bytes, index) => {
      put32(at(pointers) + index * 4, to);
      slice(to, bytes.length).set(bytes);
      to += bytes.length;
    });
    return errno.success;
  };
  const sizes = (count: number, length: number, all: readonly Uint8Array[]): number => {
    put32(count, all.length);
    put32(length, all.reduce((sum, bytes) => sum + bytes.length, 0));
    return errno.success;
  };
  const isStream = (fd: number): boolean => at(fd) <= 2;

  const functions: Record<string, (...given: never[]) => number> = {
    args_sizes_get: (count: number, length: number) => sizes(count, length, args),
    args_get(pointers: number, buffer: number) {
      work(args.reduce((sum, bytes) => sum + bytes.length, 0), args.length);
      return texts(pointers, buffer, args);
    },
    environ_sizes_get: (count: number, length: number) => sizes(count, length, []),
    environ_get: () => errno.success,
    clock_res_get(_clock: number, to: number) {
      put64(to, 1n);
      return errno.success;
    },
    // No clock: the task's own time, moved on by a nanosecond an instruction, so that waiting for it ends.
    clock_time_get(clock: number, _precision: bigint, to: number) {
      if (at(clock) > 3) return errno.inval;
      put64(to, machine.instructions() + (clock === 0 ? BigInt(input.taskTimeMs) * 1_000_000n : 0n));
      return errno.success;
    },
    random_get(buffer: number, length: number) {
      const to = slice(buffer, length);
      // A hash makes 32 bytes; it is some hundred instructions' work.
      work(to.length * 32, 1);
      chance(to);
      return errno.success;
    },
    sched_yield: () => errno.success,
    proc_exit(code: number) {
      throw new Exited(at(code));
    },
    fd_write(fd: number, pointer: number, count: number, to: number) {
      if (fd !== 1 && fd !== 2) return errno.badf;
      const parts = vectors(pointer, count);
      const length = parts.reduce((sum, bytes) => sum + bytes.length, 0);
      work(length, parts.length);
      put32(to, length);
      total += length;
      if (total > maxOutputBytes) throw new OutputTooLarge();
      for (const bytes of parts) written.push({ fd, bytes: bytes.slice() });
      return errno.success;
    },
    fd_read(fd: number, pointer: number, count: number, to: number) {
      if (fd !== 0) return errno.badf;
      const parts = vectors(pointer, count);
      const before = read;
      for (const bytes of parts) {
        const from = input.stdin.subarray(read, read + bytes.length);
        bytes.set(from);
        read += from.length;
      }
      work(read - before, parts.length);
      put32(to, read - before);
      return errno.success;
    },
    fd_close: (fd: number) => (isStream(fd) ? errno.success : errno.badf),
    fd_seek: (fd: number) => (isStream(fd) ? errno.spipe : errno.badf),
    fd_tell: (fd: number) => (isStream(fd) ? errno.spipe : errno.badf),
    fd_fdstat_get(fd: number, to: number) {
      if (!isStream(fd)) return errno.badf;
      // Type unknown, as for a pipe; the right to read (2) or to write (64).
      slice(to, 24).fill(0);
      put64(at(to) + 8, fd === 0 ? 2n : 64n);
      return errno.success;
    },
    fd_fdstat_set_flags: (fd: number) => (isStream(fd) ? errno.success : errno.badf),
    fd_prestat_get: () => errno.badf,
    fd_prestat_dir_name: () => errno.badf,
    poll_oneoff: () => errno.notsup,
  };
  const guarded = Object.keys(wasiSignatures).map((name) => [name, guard(functions[name] ?? (() => (name.startsWith('fd_') || name.startsWith('path_') ? errno.badf : errno.nosys)), machine)]);
  return { functions: Object.fromEntries(guarded) as Wasi['functions'], output: () => ({ stdout: joined(written, 1), stderr: joined(written, 2) }) };
}

/** Every call counts; a pointer outside of the memory is answered, not thrown. */
const guard =
  (run: (...given: never[]) => number, machine: WasiMachine) =>
  (...given: never[]): number => {
    machine.charge(callCost);
    try {
      return run(...given);
    } catch (error) {
      if (error instanceof RangeError) return errno.fault;
      throw error;
    }
  };

const joined = (written: readonly { fd: number; bytes: Uint8Array }[], fd: number): Uint8Array => new Uint8Array(Buffer.concat(written.filter((one) => one.fd === fd).map(({ bytes }) => bytes)));

/** Bytes that follow from the task id alone: SHA-256 of a seed and a count. */
function createChance(taskId: string): (to: Uint8Array) => void {
  const seed = createHash('sha256').update(`wasm.random:${taskId}`).digest();
  let count = 0n;
  let rest: Uint8Array = new Uint8Array(0);
  return (to) => {
    for (let at = 0; at < to.length; ) {
      if (rest.length === 0) {
        const number = Buffer.alloc(8);
        number.writeBigUInt64BE(count++);
        rest = createHash('sha256').update(seed).update(number).digest();
      }
      const part = rest.subarray(0, to.length - at);
      to.set(part, at);
      rest = rest.subarray(part.length);
      at += part.length;
    }
  };
}
