/** The sealed parts of a coordinator file: envelopes through the vault's own opener, answers through the buyer's key (coordinator.md 4). */
import { compactDecrypt, importJWK, type JWK } from 'jose';
import { AppError } from '../../src-shared/errors.ts';
import { isEnvelopeFor, readPayload, replyToSchema, sealAnswer, type Payload } from '../../src-shared/link/envelope.ts';
import type { Signers } from '../../src-main/keys/vault.ts';
import { equal, holds, same, type Case } from './cases.ts';
import type { CoordinatorFile } from './coordinator-format.ts';

type Verdict = { code: 'opened'; payload: Payload } | { code: 'bad_envelope' | 'decrypt_failed' | 'bad_payload' };

/** What the node does with an envelope: header first, then the key, then the plaintext. */
async function judge(jwe: string, taskId: string, signers: Signers): Promise<Verdict> {
  if (!isEnvelopeFor(jwe, { nodeId: signers.identity.nodeId, taskId })) return { code: 'bad_envelope' };
  let plaintext: Uint8Array;
  try {
    plaintext = await signers.openEnvelope(jwe, taskId);
  } catch (error) {
    if (error instanceof AppError && error.code === 'keys.decrypt_failed') return { code: 'decrypt_failed' };
    throw error;
  }
  const payload = readPayload(plaintext);
  return payload === null ? { code: 'bad_payload' } : { code: 'opened', payload };
}

/** The good envelope opens to its plaintext; each bad one is refused with its code. */
export function envelopeCases(envelope: NonNullable<CoordinatorFile['envelope']>, signers: Signers): Case[] {
  const taskId = envelope.task_id;
  return [
    equal('envelope opens', () => judge(envelope.compact_jwe, taskId, signers), { code: 'opened', payload: envelope.plaintext }),
    ...Object.entries(envelope.must_be_refused).map(([name, { code, compact_jwe: jwe }]) =>
      equal(`envelope refused: ${name}`, async () => (await judge(jwe, taskId, signers)).code, code),
    ),
  ];
}

/** Each sealed answer opens with the buyer's key to the bytes of chat_response; an answer sealed by our own function does too. */
export function sealedAnswerCases(file: CoordinatorFile): Case[] {
  const expected = file.chat_response?.result_bytes_utf8;
  return Object.entries(file.sealed_answers ?? {}).flatMap(([name, { reply_to: replyTo, private_jwk: privateJwk, compact_jwe: jwe }]) => {
    const taskId = file.chat_response?.task_id ?? file.envelope?.task_id ?? '';
    const open = async (sealed: string): Promise<string> => {
      const alg = privateJwk['kty'] === 'RSA' ? 'RSA-OAEP-256' : 'ECDH-ES+A256KW';
      const { plaintext, protectedHeader } = await compactDecrypt(sealed, await importJWK(privateJwk as JWK, alg), { keyManagementAlgorithms: [alg], contentEncryptionAlgorithms: ['A256GCM'] });
      same(protectedHeader['tid'], taskId, 'tid');
      same(protectedHeader.kid, replyTo['kid'], 'kid');
      return new TextDecoder().decode(plaintext);
    };
    return [
      { name: `sealed answer ${name}`, run: async () => sameIfGiven(await open(jwe), expected) },
      equal(`reply_to ${name} with its private key`, () => replyToSchema.safeParse({ ...replyTo, ...privateJwk }).success, false),
      equal(`own sealed answer ${name}`, async () => open(await sealAnswer(replyToSchema.parse(replyTo), new TextEncoder().encode('answer'), taskId)), 'answer'),
    ];
  });
}

function sameIfGiven(found: string, expected: string | undefined): void {
  if (expected === undefined) holds(found.length > 0, 'the answer is empty');
  else same(found, expected, 'answer');
}
