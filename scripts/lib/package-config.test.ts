/** What the packages tell each system agrees with what the application does there, and everything they name exists (issue: icons, licences, links and login start). */
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import config from '../../electron-builder.config.ts';
import { applicationId } from '../../src-main/host/application-id.ts';
import { autostartFile } from '../../src-main/host/autostart-entry.ts';
import { deepLinkProtocol } from '../../src-main/host/deep-link.ts';
import { importedPackages, licenceNotices } from './licence-notices.ts';

const root = resolve(import.meta.dirname, '../..');
const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { main: string; dependencies: Record<string, string> };

describe('packages', () => {
  it('are the application that the code says it is', () => {
    expect(config.appId).toBe(applicationId);
    expect(config.protocols).toEqual([expect.objectContaining({ schemes: [deepLinkProtocol] })]);
    const desktopFile = basename(autostartFile({}));
    expect(config.extraMetadata).toMatchObject({ desktopName: desktopFile });
    expect(`${config.linux?.executableName}.desktop`).toBe(desktopFile);
  });
  it('are made for three systems, with what each asks for', () => {
    expect([config.linux?.target, config.win?.target, config.mac?.target]).toEqual([['AppImage', 'deb'], ['nsis'], ['dmg']]);
    // A deb needs somebody to ask and a place to look.
    expect(config.linux?.maintainer).toMatch(/^.+ <.+@.+>$/);
    expect(config.extraMetadata).toHaveProperty('homepage');
    expect(config.extraMetadata).toHaveProperty('author');
  });
  it('have icons of every size', () => {
    expect(readdirSync(join(root, config.linux?.icon ?? '')).sort()).toEqual(['128x128.png', '16x16.png', '256x256.png', '32x32.png', '48x48.png', '512x512.png', '64x64.png']);
    for (const icon of [config.win?.icon, config.mac?.icon]) expect(existsSync(join(root, String(icon)))).toBe(true);
  });
  it('hold the entry of the manifest and nothing that is published by itself', () => {
    expect(config.files).toContain('out/main/**');
    expect(manifest.main).toMatch(/^out\/main\//);
    expect(config.publish).toBeNull();
  });
  it('say the licence of each package that is bundled or runs beside the code, each in full at least once', () => {
    const bundled = importedPackages(['src-main', 'src-preload', 'src-renderer', 'src-shared'].map((folder) => join(root, folder)));
    const { text, packages } = licenceNotices(root, [...Object.keys(manifest.dependencies), ...bundled]);
    for (const name of ['@fontsource-variable/inter', '@napi-rs/keyring', 'onnxruntime-node', 'react', 'zod']) expect(packages.some((title) => title.startsWith(`${name} `))).toBe(true);
    const parts = text.split(`\n\n${'─'.repeat(72)}\n\n`);
    const full = parts.filter((part) => part.startsWith('Full text: ')).map((part) => part.split('\n', 1)[0]?.slice('Full text: '.length));
    expect(parts).toHaveLength(packages.length + full.length);
    expect(full).toEqual(expect.arrayContaining(['GPL-3.0', 'LGPL-3.0', 'MIT']));
    // What neither brings a text nor names a licence cannot be shipped.
    expect(parts.filter((part) => /\nLicence: see below\n*$/.test(part))).toEqual([]);
  });
});
