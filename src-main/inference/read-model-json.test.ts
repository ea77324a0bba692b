/** Files of a model folder that are whole, absent, broken or not what they should be. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { readableReason } from './probe-providers.ts';
import { readModelJson } from './read-model-json.ts';

const folder = mkdtempSync(join(tmpdir(), 'model-json-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const schema = z.object({ width: z.number(), name: z.string().default('none') });

describe('a file of a model folder', () => {
  it('is read by its schema', async () => {
    writeFileSync(join(folder, 'whole.json'), '{ "width": 3 }');
    expect(await readModelJson(folder, 'whole.json', schema)).toEqual({ width: 3, name: 'none' });
  });
  it('may be absent where something stands for it', async () => {
    expect(await readModelJson(folder, 'absent.json', schema, { width: 1 })).toEqual({ width: 1, name: 'none' });
    await expect(readModelJson(folder, 'absent.json', schema)).rejects.toThrow('absent.json cannot be read');
  });
  it.each([
    ['{', 'file.json is not JSON'],
    ['{}', 'file.json: width Invalid input: expected number, received undefined'],
    ['{ "width": "3", "name": 1 }', 'file.json: width Invalid input: expected number, received string; name Invalid input: expected string, received number'],
  ])('%s says in one line what is wrong', async (text, reason) => {
    writeFileSync(join(folder, 'file.json'), text);
    const error = await readModelJson(folder, 'file.json', schema).then(() => null, (caught: Error) => caught);
    expect(error?.message).toBe(reason);
    // The machine check shows the first line of a reason: here that is all of it.
    expect(readableReason(error?.message ?? '')).toBe(reason);
  });
});
