/** Compute units to lock before a direct request runs (protocol.md 7.5); what it really used is counted after. */
import { z } from 'zod';
import { IngressRefusal } from './answers.ts';

/** What a body of each route tells of its size; everything else is the pipeline's to judge. */
const textSchema = z.union([z.string(), z.array(z.looseObject({ text: z.string().optional() }))]);
const chatSchema = z.looseObject({
  messages: z.array(z.looseObject({ content: textSchema.nullish() })).min(1),
  max_tokens: z.number().int().min(1).nullish(),
  max_completion_tokens: z.number().int().min(1).nullish(),
});
const embeddingsSchema = z.looseObject({ input: z.union([z.string(), z.array(z.unknown()).min(1)]) });
const imagesSchema = z.looseObject({ n: z.number().int().min(1).max(10).nullish(), size: z.string().regex(/^[1-9]\d{0,3}x[1-9]\d{0,3}$/) });

/** "`max_completion_tokens`, else `max_tokens`, else 8192". */
const defaultMaxOutput = 8_192;
/** More than a template adds to a message, in tokens. */
const perMessageTokens = 64;

export type IngressRoute = 'chat' | 'embeddings' | 'images';

const bytesOf = (content: z.infer<typeof textSchema> | null | undefined): number =>
  content === null || content === undefined ? 0 : typeof content === 'string' ? Buffer.byteLength(content) : content.reduce((sum, part) => sum + Buffer.byteLength(part.text ?? ''), 0);

/**
 * Most units the request can use. A text has at most as many tokens as bytes, so the real count, which the engine makes, is never above it.
 * @throws IngressRefusal INVALID_BODY
 */
export function mostUnits(route: IngressRoute, body: string): bigint {
  const read = <T extends z.ZodType>(schema: T): z.output<T> => {
    const parsed = schema.safeParse(JSON.parse(body));
    if (!parsed.success) throw new IngressRefusal('INVALID_BODY', `${parsed.error.issues[0]?.path.join('.') ?? 'body'}: ${parsed.error.issues[0]?.message ?? 'not as expected'}`.slice(0, 200));
    return parsed.data;
  };
  if (route === 'images') {
    const { n, size } = read(imagesSchema);
    const [width = 0, height = 0] = size.split('x').map(Number);
    return BigInt((n ?? 1) * width * height);
  }
  if (route === 'embeddings') {
    const { input } = read(embeddingsSchema);
    const inputs = typeof input === 'string' ? [input] : input;
    // Tokens that came as numbers are one each; the special tokens of an input are fewer than those of a message.
    return BigInt(inputs.reduce<number>((sum, one) => sum + perMessageTokens + (typeof one === 'string' ? Buffer.byteLength(one) : Array.isArray(one) ? one.length : 1), 0));
  }
  const { messages, max_completion_tokens, max_tokens } = read(chatSchema);
  const input = messages.reduce((sum, { content }) => sum + bytesOf(content) + perMessageTokens, perMessageTokens);
  return BigInt(input + (max_completion_tokens ?? max_tokens ?? defaultMaxOutput));
}

/**
 * What is locked: all it can use, or what the stack has left where nothing else is locked on it; the answer then ends with the stack.
 * @throws IngressRefusal UNAVAILABLE_STACK_ERROR
 */
export function unitsToLock(most: bigint, { left, busy }: { left: bigint; busy: boolean }): bigint {
  if (most <= left) return most;
  if (busy || left <= 0n) throw new IngressRefusal('UNAVAILABLE_STACK_ERROR', `The stack has ${left > 0n ? left : 0n} units left for now and this request may use ${most}. Wait for the others, ask for less, or buy a new one.`);
  return left;
}
