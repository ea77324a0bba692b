/** The part of the WebAssembly JavaScript interface that is used here, under names of our own: the main process is compiled without the browser's types, where it is declared. */

/** Memory of a running module; the buffer is another one after each growth. */
export type WasmMemory = { readonly buffer: ArrayBuffer };
/** An exported global. */
export type WasmGlobal<T extends number | bigint> = { value: T };
/** A module that was linked with its imports. */
export type WasmInstance = { readonly exports: Readonly<Record<string, unknown>> };

type ErrorClass = abstract new (...given: never[]) => Error;
type WebAssemblyApi = {
  readonly RuntimeError: ErrorClass;
  readonly LinkError: ErrorClass;
  readonly Memory: abstract new (...given: never[]) => WasmMemory;
  validate(bytes: Uint8Array): boolean;
  instantiate(bytes: Uint8Array, imports: Record<string, Record<string, unknown>>): Promise<{ instance: WasmInstance }>;
};

/** The engine's interface; every Node and Electron has it. */
export const webAssembly = (globalThis as unknown as { WebAssembly: WebAssemblyApi }).WebAssembly;
