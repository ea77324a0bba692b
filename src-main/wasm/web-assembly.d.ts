/** The part of the WebAssembly JavaScript interface that is used here; the main process is compiled without the browser's types, where it is declared. */
declare namespace WebAssembly {
  class RuntimeError extends Error {}
  class LinkError extends Error {}
  class Memory {
    readonly buffer: ArrayBuffer;
  }
  class Global<T extends 'i32' | 'i64'> {
    value: T extends 'i64' ? bigint : number;
  }
  class Instance {
    readonly exports: Readonly<Record<string, unknown>>;
  }
  function validate(bytes: Uint8Array): boolean;
  function instantiate(bytes: Uint8Array, imports: Record<string, Record<string, unknown>>): Promise<{ instance: Instance }>;
}
