/** The evidence that goes on chain with a key: reports of the CPU and of each GPU over a nonce that names the key, as one compressed JSON array (protocol.md 7.7). */
import { randomUUID } from 'node:crypto';
import { mkdir, readFile, rmdir, writeFile } from 'node:fs/promises';
import { deflateSync } from 'node:zlib';
import { blake3 } from '@noble/hashes/blake3.js';
import { z } from 'zod';
import { AppError } from '../../src-shared/errors.ts';
import { mayRehearse, type Tee } from '../core/tee.ts';
import type { NetworkProfile } from '../../src-shared/domain/network-profile.ts';
import type { RunTool } from './detect-tee.ts';

/** What a key is bound to. */
export type EvidenceSubject = { publicKey: string; /** `nonce` of the contract's database. */ nonce: bigint; tee: Exclude<Tee, { kind: 'none' }> };
type Deps = {
  profile: NetworkProfile;
  /** Folder of the kernel's reports. */
  reports: string;
  tool: RunTool;
  /** The kernel fills a report's folder when it is made; tests stand in for it. */
  makeFolder?: (path: string) => Promise<unknown>;
};

/** Most bytes that Sui takes as one plain argument, less the length before them. */
const mostBytes = 16_384 - 3;
const toolTimeoutMs = 30_000;
/** The kernel takes up to 64 bytes of the caller's own in a report. */
const inblobBytes = 64;

/** What a rehearsal says instead of evidence; anybody who reads it sees what it is. */
export const simulatedNotice = 'SIMULATED TEE of the embedded sandbox network. This is no evidence: no hardware protects anything here.';

const gpuEvidenceSchema = z.looseObject({ evidences: z.array(z.looseObject({ arch: z.string().optional(), evidence: z.string().min(1), certificate: z.string().min(1) })).min(1) });

/** "report nonce = blake3(db nonce as u64 LE ‖ 32-byte public key ‖ 300 as u16 LE)", with the device's own type. */
export function reportNonce({ publicKey, nonce, tee }: EvidenceSubject): Uint8Array {
  const bytes = new Uint8Array(8 + 32 + 2);
  const view = new DataView(bytes.buffer);
  view.setBigUint64(0, nonce, true);
  bytes.set(Buffer.from(publicKey, 'hex'), 8);
  view.setUint16(40, tee.deviceType, true);
  return blake3(bytes);
}

/**
 * Collects and compresses it.
 * @throws AppError confidential.no_evidence when a device does not give its report, confidential.refused for a rehearsal outside the sandbox
 */
export async function collectEvidence(subject: EvidenceSubject, { profile, reports, tool, makeFolder = mkdir }: Deps): Promise<Uint8Array> {
  const nonce = reportNonce(subject);
  if (subject.tee.kind === 'simulated') {
    // Asked again here, where it would do harm: whatever was decided before, it never leaves the sandbox.
    if (!mayRehearse(profile)) throw new AppError('confidential.refused', { detail: 'a simulated TEE is for the embedded sandbox alone' });
    return compressed([{ evidence_type: 'simulated', notice: simulatedNotice, network: profile.id, nonce: Buffer.from(nonce).toString('hex') }]);
  }
  return compressed([await cpuReport(reports, nonce, makeFolder), ...(await gpuReports(tool, nonce))]);
}

function compressed(entries: readonly object[]): Uint8Array {
  const bytes = new Uint8Array(deflateSync(JSON.stringify(entries)));
  if (bytes.length > mostBytes) throw new AppError('confidential.no_evidence', { detail: `it is ${bytes.length} bytes, and a transaction takes ${mostBytes}` });
  return bytes;
}

/** A report of the guest through the kernel's configfs-tsm interface: a folder for each, `inblob` in, `outblob` out. */
async function cpuReport(reports: string, nonce: Uint8Array, makeFolder: NonNullable<Deps['makeFolder']>): Promise<object> {
  const folder = `${reports}/console-${randomUUID()}`;
  try {
    await makeFolder(folder);
    const inblob = new Uint8Array(inblobBytes);
    inblob.set(nonce);
    await writeFile(`${folder}/inblob`, inblob);
    const [evidence, provider] = await Promise.all([readFile(`${folder}/outblob`), readFile(`${folder}/provider`, 'utf8')]);
    return { evidence_type: 'cpu', provider: provider.trim(), evidence: evidence.toString('base64') };
  } catch (cause) {
    throw new AppError('confidential.no_evidence', { detail: 'the kernel gave no report of the guest' }, { cause });
  } finally {
    await rmdir(folder).catch(() => undefined); // it was not made, or the kernel keeps it: nothing depends on it
  }
}

/** NVIDIA's own tool reads the reports of the GPUs with their certificate chains. */
async function gpuReports(tool: RunTool, nonce: Uint8Array): Promise<object[]> {
  let output: string;
  try {
    output = await tool('nvattest', ['--format', 'json', 'collect-evidence', '--device', 'gpu', '--nonce', Buffer.from(nonce).toString('hex')], toolTimeoutMs);
  } catch (cause) {
    throw new AppError('confidential.no_evidence', { detail: 'nvattest (NVIDIA Attestation SDK) is not installed or failed' }, { cause });
  }
  const parsed = gpuEvidenceSchema.safeParse(jsonOf(output));
  if (!parsed.success) throw new AppError('confidential.no_evidence', { detail: 'nvattest gave no report' });
  return parsed.data.evidences.map(({ arch, evidence, certificate }) => ({ evidence_type: 'device', ...(arch === undefined ? {} : { arch }), evidence, certificate }));
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null; // the schema refuses it
  }
}
