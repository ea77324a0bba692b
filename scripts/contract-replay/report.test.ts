/** The report of contract:replay: both recorded files agree, anything else is counted against it. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { replayReport } from './report.ts';

const vector = (name: string): string => join(import.meta.dirname, '../../src-shared/vectors', name);

describe('contract:replay', () => {
  let folder = '';
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'contract-replay-'));
  });
  afterEach(() => rm(folder, { recursive: true }));
  const written = async (text: string): Promise<string> => {
    const file = join(folder, 'file.json');
    await writeFile(file, text);
    return file;
  };

  it('agrees with every case and walk of both files', async () => {
    const { lines } = await replayReport([vector('contract-g1.json'), vector('contract-g2.json')]);
    expect(lines).toEqual(['128/128 agree']);
  });
  it('counts an unknown step against the file and says that it is unsupported', async () => {
    const one = { id: 'odd', steps: [{ op: 'burn' }], expect: { abort: { code: 1, module: 'atoma::db' } } };
    const file = await written(JSON.stringify({ generation: 'G2', cases: [one], walks: [] }));
    const { lines, agreed, total } = await replayReport([file]);
    expect([lines[0], lines.at(-1), agreed, total]).toEqual(['unsupported file.json odd', '0/1 agree', 0, 1]);
  });
  it('keeps numbers too long for a JSON number', async () => {
    const steps = '[{"op":"mint","to":"USER","amount":18446744073709551615},{"op":"advance_epochs","n":1}]';
    const file = await written(
      `{"generation":"G2","cases":[{"id":"long","steps":${steps},"expect":{"state":{}}}],"walks":[]}`,
    );
    const { lines } = await replayReport([file]);
    expect(lines[0]).toBe('FAIL file.json long');
    expect(lines.join()).not.toContain('64-bit');
  });
  it.each([
    ['a file that is not JSON', 'no'],
    ['a file of another format', '{"cases":[]}'],
    ['another generation', '{"generation":"G3","cases":[],"walks":[]}'],
  ])('counts %s as a difference', async (_what, text) => {
    const { agreed, total } = await replayReport([await written(text)]);
    expect([agreed, total]).toEqual([0, 1]);
  });
  it('counts a missing file as a difference', async () => {
    expect((await replayReport([join(folder, 'none.json')])).total).toBe(1);
  });
});
