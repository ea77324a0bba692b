/** Column types as zod sees them: integers arrive as bigint (readBigInts), flags as 0 or 1 (architecture.md, "Persistence"). */
import { z } from 'zod';

/** An integer column that holds a number of ordinary size: times, counts. */
export const plainInteger = z.bigint().refine((value) => value >= -9007199254740991n && value <= 9007199254740991n).transform(Number);
/** A yes or no column. */
export const flag = z.union([z.literal(0n), z.literal(1n)]).transform((value) => value === 1n);
/** A column of chain integers and units, never below zero. */
export const unsignedInteger = z.bigint().min(0n);

/**
 * The same as checks alone, for rows that are read with every request: the row's own transform makes numbers and flags of them.
 * A transform per column keeps zod from its fast path and costs more than the query.
 */
export const checkedInteger = z.bigint().min(-9007199254740991n).max(9007199254740991n);
export const checkedFlag = z.union([z.literal(0n), z.literal(1n)]);
