/** The link's functions against the shared vectors, and the messages against hostile shapes. */
import { bytesToHex } from '@noble/hashes/utils.js';
import fc from 'fast-check';
import { compactDecrypt, importJWK } from 'jose';
import { describe, expect, it } from 'vitest';
import { commitmentRequests, expectedEntries } from '../vectors/commitment-requests.ts';
import commitments from '../vectors/commitments.json' with { type: 'json' };
import vectors from '../vectors/coordinator.json' with { type: 'json' };
import { chatResultText, planChat } from './chat.ts';
import { isEnvelopeFor, readPayload, replyToSchema, sealAnswer } from './envelope.ts';
import { coordinatorMessageSchema, nodeMessageSchema } from './messages.ts';
import { blake2b256, committedProof, createStackRoot, merkleRoot, proofOfExecution, seedOfTask, stackEntry, stackLeaf } from './proof.ts';

const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);

describe('commitments', () => {
  it.each(commitments.cases.map((value, index) => [index, value] as const))('case %i', (_, value) => {
    const entries = commitmentRequests(value.requests).map(({ body, response }) => stackEntry(body, utf8(response)));
    for (const [position, entry] of expectedEntries(value.entries, entries.length)) expect(bytesToHex(entries[position]!)).toBe(entry);
    const root = merkleRoot(entries);
    expect(bytesToHex(root)).toBe(value.root);
    expect(value.leaves.map((_leaf, position) => bytesToHex(stackLeaf(position, root)))).toEqual(value.leaves);
    for (const [extra, proof] of Object.entries(value.committed_proof_by_extra_nodes)) expect(bytesToHex(committedProof(root, Number(extra)))).toBe(proof);
  });

  it('grows to the same root as the level-by-level definition', () => {
    const levels = (nodes: Uint8Array[]): Uint8Array => {
      if (nodes.length === 1) return nodes[0]!;
      const next: Uint8Array[] = [];
      for (let i = 0; i < nodes.length; i += 2) next.push(i + 1 < nodes.length ? blake2b256(Uint8Array.from([...nodes[i]!, ...nodes[i + 1]!])) : nodes[i]!);
      return levels(next);
    };
    fc.assert(fc.property(fc.integer({ min: 1, max: 70 }), (count) => {
      const entries = Array.from({ length: count }, (_, i) => blake2b256(Uint8Array.of(i)));
      const tree = createStackRoot();
      entries.forEach((entry) => tree.append(entry));
      expect(bytesToHex(tree.root())).toBe(bytesToHex(levels(entries)));
    }));
  });
});

describe('proof of execution, seeds and answers', () => {
  it.each(vectors.proofs_of_execution)('proof $task_id', ({ task_id, result_base64, poe }) => {
    expect(proofOfExecution(task_id, Uint8Array.from(Buffer.from(result_base64, 'base64')), vectors.identities.node_id)).toBe(poe);
  });
  it.each(vectors.seeds)('seed of $task_id', ({ task_id, seed }) => expect(seedOfTask(task_id)).toBe(seed));
  it('writes the result bytes of the vector', () => {
    const v = vectors.chat_response;
    const text = chatResultText({ taskId: v.task_id, model: v.model, content: v.content, finishReason: 'stop', promptTokens: v.prompt_tokens, completionTokens: v.completion_tokens });
    expect(text).toBe(v.result_bytes_utf8);
    expect(bytesToHex(stackEntry(v.body, utf8(text)))).toBe(v.entry);
    expect(proofOfExecution(v.task_id, utf8(text), vectors.identities.node_id)).toBe(v.poe);
  });
});

describe('chat plan', () => {
  const task = vectors.chat_response.task_id;
  it('is greedy without a temperature and takes the smaller-named wish first', () => {
    expect(planChat('{"messages":[{"role":"user","content":"a"}],"max_tokens":3,"max_completion_tokens":2}', task)).toEqual({ messages: [{ role: 'user', content: 'a' }], maxOutputTokens: 2, sampling: { kind: 'greedy' }, stop: [] });
  });
  it('takes a negative seed modulo 2^32, else the seed of the task', () => {
    const sampling = (seed: string) => planChat(`{"messages":[{"role":"user","content":"a"}],"temperature":1${seed}}`, task)?.sampling;
    expect(sampling(',"seed":-1')).toMatchObject({ seed: 4294967295 });
    expect(sampling('')).toMatchObject({ seed: seedOfTask(task) });
  });
  it.each(['', '[]', '{"messages":[]}', '{"messages":[{"role":"user","content":"a"}],"n":2}', '{"messages":[{"role":"tool","content":"a"}]}', '{"messages":[{"role":"user","content":"a"}],"max_tokens":0}'])('refuses %s', (body) => expect(planChat(body, task)).toBeNull());
});

describe('envelope', () => {
  const expected = { nodeId: vectors.identities.node_id, taskId: vectors.envelope.task_id };
  it('accepts the good header', () => expect(isEnvelopeFor(vectors.envelope.compact_jwe, expected)).toBe(true));
  it.each(Object.entries(vectors.envelope.must_be_refused))('header verdict of %s', (_, { code, compact_jwe }) => {
    expect(isEnvelopeFor(compact_jwe, expected)).toBe(code !== 'bad_envelope');
  });
  it.each([
    ['RSA', vectors.sealed_answers.rsa],
    ['P-256', vectors.sealed_answers.p256],
  ])('seals an answer that the %s key opens', async (_, { reply_to, private_jwk }) => {
    const sealed = await sealAnswer(replyToSchema.parse(reply_to), utf8('hello'), expected.taskId);
    const opened = await compactDecrypt(sealed, await importJWK(private_jwk, reply_to.alg));
    expect(Buffer.from(opened.plaintext).toString()).toBe('hello');
    expect(opened.protectedHeader).toMatchObject({ enc: 'A256GCM', tid: expected.taskId, kid: reply_to.kid });
  });
  it('refuses a short RSA key, null and a byte-order mark', () => {
    expect(replyToSchema.safeParse({ kty: 'RSA', n: 'A'.repeat(8) + 'x'.repeat(300), e: 'AQAB' }).success).toBe(false);
    expect(readPayload(utf8('{"v":1,"body":"x","reply_to":null}'))).toBeNull();
    expect(readPayload(Uint8Array.of(0xef, 0xbb, 0xbf, ...utf8('{"v":1,"body":"x"}')))).toBeNull();
    expect(readPayload(utf8('{"v":1,"body":"x"}'))).toEqual({ v: 1, body: 'x' });
  });
});

describe('messages', () => {
  const ack = { type: 'result_ack', task_id: vectors.chat_response.task_id, sig: 'x' };
  it.each([
    [{ ...ack, status: 'accepted', entry_index: 0 }, true],
    [{ ...ack, status: 'accepted' }, false],
    [{ ...ack, status: 'rejected', reason: 'late' }, true],
    [{ ...ack, status: 'rejected' }, false],
    [{ ...ack, status: 'accepted', entry_index: 1, more: true }, true],
    [{ type: 'nonsense' }, false],
    [{ type: '__proto__' }, false],
  ])('coordinator frame %j', (frame, fine) => expect(coordinatorMessageSchema.safeParse(frame).success).toBe(fine));
  it('never throws on any JSON', () => {
    fc.assert(fc.property(fc.jsonValue(), (value) => {
      expect([true, false]).toContain(nodeMessageSchema.safeParse(value).success);
    }));
  });
});
