/** How options are read: whole numbers of base units, hashes and lists; nothing is rounded and nothing is guessed (product.md: money is exact). */
import { z } from 'zod';
import { parkedPrice } from '../../src-shared/bridge/intents.ts';

const number = z.string().regex(/^(0|[1-9]\d{0,19})$/, { error: 'must be a whole number, in base units where it is an amount' });

/** A u64: an id, units, or an amount in base units. */
export const u64Option = number.transform(BigInt).refine((value) => value <= parkedPrice, { error: 'is larger than 2^64 - 1' });

/** A small count between two bounds. */
export const countOption = (min: number, max: number) => number.transform(Number).refine((value) => value >= min && value <= max, { error: `must be from ${min} to ${max}` });

/** Ids with commas between them. */
export const u64ListOption = z.string().transform((text) => text.split(',')).pipe(z.array(u64Option).min(1).max(50));

/** 32 bytes in hex, with or without 0x. */
export const hash32Option = z.string().regex(/^(0x)?[0-9a-fA-F]{64}$/, { error: 'must be 32 bytes as 64 hex digits' }).transform((text) => text.replace(/^0x/, '').toLowerCase());

/** Flags that every verb that signs has. */
export const signingOptions = { dryRun: z.boolean().default(false), yes: z.boolean().default(false) };
