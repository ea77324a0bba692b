/** Names what the preload may add to the window, and the types of the catalogue's keys. */
import type { RawBridge } from '../src-shared/bridge/index.ts';
import type { en } from './text/en.ts';

declare global {
  interface Window {
    /** Present under Electron only (src-preload). */
    bridge?: RawBridge;
  }
  interface ImportMeta {
    /** Filled in by the build. */
    readonly env: { readonly DEV: boolean };
  }
}

declare module 'i18next' {
  interface CustomTypeOptions {
    defaultNS: 'translation';
    resources: { translation: typeof en };
  }
}
