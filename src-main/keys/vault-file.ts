/** The vault's file on disk: <data>/keys/vault.json, 0600 in 0700, refused when wider; and the node-key backup of the same format (coordinator.md 1, "At rest"). */
import { existsSync, readFileSync } from 'node:fs';
import { copyFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { AppError } from '../../src-shared/errors.ts';
import { makePrivateFolder, modeBeyond, writeFileAtomically } from '../platform/files.ts';
import type { KeyMaterial, NodeKeys } from './key-material.ts';
import { createSecret, type Secret } from './secret.ts';
import { parseSealedFile, type SealedFile } from './sealed-file.ts';

/** What lies on disk. `damaged` keeps the reason for the error of an unlock. */
export type StoredVault = { kind: 'absent' } | { kind: 'damaged'; error: AppError } | { kind: 'sealed'; file: SealedFile };

const nodeKeysSchema = z.object({ liveness: z.string(), rsa: z.base64() });
const vaultSchema = nodeKeysSchema.extend({ operator: z.string() });

const bytesOf = (base64: string): Secret<Uint8Array> => createSecret(new Uint8Array(Buffer.from(base64, 'base64')));
const base64Of = (bytes: Secret<Uint8Array>): string => Buffer.from(bytes.reveal()).toString('base64');

/** The sealed content of a node-key backup. */
export const writeNodeKeys = (keys: NodeKeys): Secret<object> => createSecret({ liveness: keys.liveness.reveal(), rsa: base64Of(keys.rsa) });

/** The sealed content of the vault. */
export const writeMaterial = (keys: KeyMaterial): Secret<object> => createSecret({ ...writeNodeKeys(keys).reveal(), operator: keys.operator.reveal() });

/** Reads {@link writeNodeKeys} back; throws keys.damaged, without a cause: a parse error would quote the content. */
export function readNodeKeys(content: Secret<unknown>): NodeKeys {
  const parsed = nodeKeysSchema.safeParse(content.reveal());
  if (!parsed.success) throw new AppError('keys.damaged');
  return { liveness: createSecret(parsed.data.liveness), rsa: bytesOf(parsed.data.rsa) };
}

/** Reads {@link writeMaterial} back; throws keys.damaged. */
export function readMaterial(content: Secret<unknown>): KeyMaterial {
  const parsed = vaultSchema.safeParse(content.reveal());
  if (!parsed.success) throw new AppError('keys.damaged');
  return { ...readNodeKeys(content), operator: createSecret(parsed.data.operator) };
}

/** The file of one data folder. */
export type VaultFile = {
  read(): StoredVault;
  /** Writes the file in one step; one that is there is kept aside under a name with `atMs` in it. */
  write(bytes: Uint8Array, atMs: number): Promise<void>;
};

/**
 * Opens the folder's vault file without reading it.
 * @throws AppError keys.too_open when folder or file can be read or entered by others; its `command` mends that.
 */
export function openVaultFile(dataDir: string): VaultFile {
  const folder = join(dataDir, 'keys');
  const path = join(folder, 'vault.json');
  requireClosed(folder, path);
  return {
    read() {
      if (!existsSync(path)) return { kind: 'absent' };
      try {
        return { kind: 'sealed', file: parseSealedFile(readFileSync(path), 'vault') };
      } catch (error) {
        if (error instanceof AppError) return { kind: 'damaged', error };
        throw error;
      }
    },
    async write(bytes, atMs) {
      makePrivateFolder(folder);
      requireClosed(folder, path);
      // A copy, not a rename: at no moment is there no vault.
      if (existsSync(path)) await copyFile(path, join(folder, `vault-replaced-${atMs}.json`));
      await writeFileAtomically(path, bytes, 0o600);
    },
  };
}

function requireClosed(folder: string, path: string): void {
  const mend = [
    ...(modeBeyond(folder, 0o700) === 0 ? [] : [`chmod 700 ${quoted(folder)}`]),
    ...(modeBeyond(path, 0o600) === 0 ? [] : [`chmod 600 ${quoted(path)}`]),
  ];
  if (mend.length > 0) throw new AppError('keys.too_open', { command: mend.join(' && ') });
}

/** One word for a POSIX shell. */
const quoted = (path: string): string => `'${path.replaceAll("'", `'\\''`)}'`;
