/** Builds the three processes: main (CommonJS entries), preload (one CommonJS file) and the renderer. Rules: docs/architecture.md. */
import { resolve } from 'node:path';
import { defineConfig } from 'electron-vite';
import react from '@vitejs/plugin-react';
import { narrowSources } from './scripts/lib/narrow-sources.ts';

const at = (...parts: string[]): string => resolve(import.meta.dirname, ...parts);
// Comments would stay in memory with the code; licences are collected apart.
const commonJs = { format: 'cjs' as const, comments: false, entryFileNames: '[name].cjs', chunkFileNames: 'chunk-[name]-[hash].cjs' };

export default defineConfig({
  main: {
    plugins: [narrowSources()],
    build: {
      outDir: 'out/main',
      externalizeDeps: true,
      rollupOptions: {
        input: {
          main: at('src-main/main.ts'),
          headless: at('src-main/headless.ts'),
          sandbox: at('src-main/sandbox/main.ts'),
          'second-node': at('src-main/second-node.ts'),
          inference: at('src-main/inference/process.ts'),
          wasm: at('src-main/wasm/process.ts'),
        },
        output: commonJs,
      },
    },
  },
  preload: {
    build: {
      outDir: 'out/preload',
      externalizeDeps: false,
      rollupOptions: { input: { preload: at('src-preload/preload.ts') }, output: commonJs },
    },
  },
  renderer: {
    root: at('src-renderer'),
    base: './',
    plugins: [react()],
    build: {
      outDir: at('out/renderer'),
      minify: true,
      rollupOptions: {
        input: { index: at('src-renderer/index.html') },
        // Else every icon and small component would be a file of its own, and the first screen takes some thirty of them. What only pages import that come later ($initial: the others) comes with those.
        output: {
          codeSplitting: {
            groups: [
              { name: 'icons', test: /node_modules[\\/]lucide-react/ },
              { name: 'shared', test: /src-renderer[\\/](?:components|format|frame|data)[\\/]/, tags: ['$initial'] },
            ],
          },
        },
      },
    },
  },
});
