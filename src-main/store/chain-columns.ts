/** Columns of the chain's tables as zod sees them: amounts as decimal text, because a u64 does not fit SQLite's signed integer. */
import { z } from 'zod';

/** A whole number of any size as decimal text. */
export const bigintColumn = z.string().regex(/^-?\d{1,40}$/).transform(BigInt);
const idList = z.array(z.string().regex(/^\d{1,20}$/));
/** A list of small ids as JSON of decimal texts. */
export const idListColumn = z.string().transform((text, context): bigint[] => {
  const parsed = idList.safeParse(safeJson(text));
  if (parsed.success) return parsed.data.map(BigInt);
  context.addIssue({ code: 'custom', message: 'not a list of ids' });
  return z.NEVER;
});

/** JSON or undefined when it does not parse; the schema behind it then refuses. */
export function safeJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** A list of small ids for {@link idListColumn}. */
export const idListText = (ids: readonly bigint[]): string => JSON.stringify(ids.map(String));
