/** The command passes the shared files, passes a file made anew in the same format, and fails whatever is broken in a copy. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { runConformance } from './run.ts';

const vector = (name: string): string => fileURLToPath(new URL(`../../src-shared/vectors/${name}.json`, import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'conformance-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

type Json = Record<string, unknown>;
/** A copy of a vector file in which the value at a dotted path is replaced. */
function brokenCopy(name: string, path: string, change: (value: never) => unknown): string {
  const root = JSON.parse(readFileSync(vector(name), 'utf8')) as Json;
  const steps = path.split('.');
  const last = steps.pop() ?? '';
  const parent = steps.reduce<Json>((value, step) => value[step] as Json, root);
  expect(parent).toHaveProperty(last);
  parent[last] = change(parent[last] as never);
  const file = join(folder, `${name}.json`);
  writeFileSync(file, JSON.stringify(root));
  return file;
}
const flipHex = (text: string): string => `${text.slice(0, -1)}${text.endsWith('0') ? '1' : '0'}`;
const plusOne = (value: number): number => value + 1;

describe('conformance', () => {
  it('passes both shared files and says so last', async () => {
    const { lines, passed, failed } = await runConformance([vector('coordinator'), vector('commitments')]);
    expect(failed).toBe(0);
    expect(passed).toBeGreaterThan(140);
    expect(lines).toEqual([`${passed} passed, 0 failed`]);
  });

  it.each<[string, string, (value: never) => unknown]>([
    ['coordinator', 'identities.node_id', flipHex],
    ['coordinator', 'identities.coordinator_id', flipHex],
    ['coordinator', 'identities.spki_der_base64', (text: string) => text.replace('A', 'B')],
    ['coordinator', 'manifest.canonical_without_signature', (text: string) => text.replace(':', ': ')],
    ['coordinator', 'manifest.signed.region', () => 'us-east'],
    ['coordinator', 'manifest.signed.signature', (text: string) => text.replace('rsa(0x1', 'rsa(0x2')],
    ['coordinator', 'manifest.signed.wallet_sig', (text: string) => text.replace('P', 'Q')],
    ['coordinator', 'signed_texts.fields.seq', plusOne],
    ['coordinator', 'signed_texts.hello.signature', (text: string) => text.replace('f', 'g')],
    ['coordinator', 'signed_texts.ack_rejected.text', (text: string) => text.replace(':-', ':0')],
    ['coordinator', 'envelope.plaintext.body', (text: string) => `${text} `],
    ['coordinator', 'envelope.must_be_refused.zip.code', () => 'decrypt_failed'],
    ['coordinator', 'envelope.must_be_refused.not_json.code', () => 'bad_envelope'],
    ['coordinator', 'proofs_of_execution.1.poe', flipHex],
    ['coordinator', 'chat_response.content', (text: string) => `${text}!`],
    ['coordinator', 'chat_response.entry', flipHex],
    ['coordinator', 'sealed_answers.p256.compact_jwe', (text: string) => `${text.slice(0, -3)}AAA`],
    ['coordinator', 'seeds.0.seed', plusOne],
    ['commitments', 'cases.1.requests.1.response', (text: string) => `${text} `],
    ['commitments', 'cases.2.entries.1', flipHex],
    ['commitments', 'cases.3.root', flipHex],
    ['commitments', 'cases.4.leaves.3', flipHex],
    ['commitments', 'cases.5.entries.last', flipHex],
    ['commitments', 'cases.0.committed_proof_by_extra_nodes.2', flipHex],
  ])('fails a copy of %s with another %s', async (name, path, change) => {
    const { lines, passed, failed } = await runConformance([brokenCopy(name, path, change)]);
    expect(failed).toBeGreaterThan(0);
    expect(passed).toBeGreaterThan(0);
    expect(lines).toHaveLength(failed + 1);
    expect(lines.at(-1)).toBe(`${passed} passed, ${failed} failed`);
  });

  it.each([
    ['an unknown format', '{"hello":1}', /unknown format/],
    ['an unknown part', JSON.stringify({ ...(JSON.parse(readFileSync(vector('coordinator'), 'utf8')) as Json), receipts: [] }), /receipts/],
    ['no JSON', 'hello', /JSON/],
  ])('counts %s as a failure', async (_, content, reason) => {
    const file = join(folder, 'other.json');
    writeFileSync(file, content);
    const { lines, failed } = await runConformance([file, join(folder, 'absent.json'), vector('commitments')]);
    expect(failed).toBe(2);
    expect(lines[0]).toMatch(reason);
    expect(lines[1]).toContain('ENOENT');
  });

  it('ends with an exit code that tells', () => {
    const command = fileURLToPath(new URL('../conformance.ts', import.meta.url));
    const run = (...files: string[]): { status: number | null; last: string | undefined } => {
      const { status, stdout } = spawnSync(process.execPath, [command, ...files], { encoding: 'utf8' });
      return { status, last: stdout.trim().split('\n').at(-1) };
    };
    expect(run(vector('commitments'))).toMatchObject({ status: 0, last: expect.stringMatching(/^\d+ passed, 0 failed$/) as string });
    expect(run(brokenCopy('commitments', 'cases.3.root', flipHex))).toMatchObject({ status: 1, last: expect.stringMatching(/^\d+ passed, 1 failed$/) as string });
    expect(run()).toMatchObject({ status: 2 });
  });
});
