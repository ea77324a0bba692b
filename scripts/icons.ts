/** Renders the icons of application and tray from their SVG sources in resources/icons; run it after changing one and commit what it wrote. */
import { mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import sharp from 'sharp';
import { assertNode } from './lib/assert-node.ts';
import { icnsFile, icoFile, type SizedPng } from './lib/icon-files.ts';

assertNode();
const folder = resolve(import.meta.dirname, '../resources/icons');
const svgSide = { app: 512, tray: 32 };
const dpi = 72;

/** Rendered at its own size, so that edges stay sharp; nothing is scaled afterwards. */
const render = (svg: string, size: number, side: number): Promise<Buffer> => sharp(Buffer.from(svg), { density: (dpi * size) / side }).resize(size, size).png({ compressionLevel: 9 }).toBuffer();

async function renderApp(): Promise<void> {
  const svg = readFileSync(join(folder, 'app.svg'), 'utf8');
  const at = async (sizes: readonly number[]): Promise<SizedPng[]> => Promise.all(sizes.map(async (size) => ({ size, png: await render(svg, size, svgSide.app) })));
  mkdirSync(join(folder, 'linux'), { recursive: true });
  for (const { size, png } of await at([16, 32, 48, 64, 128, 256, 512])) writeFileSync(join(folder, 'linux', `${size}x${size}.png`), png);
  writeFileSync(join(folder, 'app.ico'), icoFile(await at([16, 24, 32, 48, 64, 128, 256])));
  writeFileSync(join(folder, 'app.icns'), icnsFile(await at([16, 32, 64, 128, 256, 512, 1024])));
}

/** macOS wants the bare glyph in black and colours it itself. */
const templateOf = (svg: string): string => svg.replace(/<rect class="ground"[^>]*>/, '').replaceAll('#ffffff', '#000000');

async function renderTray(file: string): Promise<void> {
  const svg = readFileSync(join(folder, 'tray', file), 'utf8');
  const name = basename(file, '.svg');
  const versions = [['-linux', svg, 22], ['-win', svg, 16], ['Template', templateOf(svg), 18]] as const;
  for (const [suffix, source, size] of versions) {
    writeFileSync(join(folder, 'tray', `${name}${suffix}.png`), await render(source, size, svgSide.tray));
    writeFileSync(join(folder, 'tray', `${name}${suffix}@2x.png`), await render(source, size * 2, svgSide.tray));
  }
}

await renderApp();
for (const file of readdirSync(join(folder, 'tray')).filter((name) => name.endsWith('.svg'))) await renderTray(file);
