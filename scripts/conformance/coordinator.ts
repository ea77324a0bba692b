/** The cases of a coordinator file, each run through the functions that the node itself uses (coordinator.md 1 to 5). */
import { createPrivateKey, createPublicKey } from 'node:crypto';
import { verifyPersonalMessageSignature } from '@mysten/sui/verify';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import { chatResultText, planChat } from '../../src-shared/link/chat.ts';
import { hardwareTier, manifestSchema, type Manifest } from '../../src-shared/link/manifest.ts';
import { proofOfExecution, seedOfTask, stackEntry } from '../../src-shared/link/proof.ts';
import { signedTexts } from '../../src-shared/link/signed-texts.ts';
import { manifestBytes, verifyManifest } from '../../src-main/keys/manifest-signature.ts';
import { keypairOf, readOperatorSecret } from '../../src-main/keys/operator-key.ts';
import { createSecret } from '../../src-main/keys/secret.ts';
import { createSigners } from '../../src-main/keys/signers.ts';
import type { Signers } from '../../src-main/keys/vault.ts';
import { equal, holds, same, type Case } from './cases.ts';
import { envelopeCases, sealedAnswerCases } from './coordinator-seals.ts';
import type { CoordinatorFile } from './coordinator-format.ts';

/** All cases of one file. Throws when the keys themselves cannot be read. */
export async function coordinatorCases(file: CoordinatorFile): Promise<Case[]> {
  const { keys } = file;
  const signers = await createSigners({
    operator: readOperatorSecret(keys.operator_secret),
    liveness: readOperatorSecret(keys.liveness_secret),
    rsa: createSecret(new Uint8Array(createPrivateKey(keys.rsa_private_pkcs8_pem).export({ type: 'pkcs8', format: 'der' }))),
  });
  return [
    ...identityCases(file, signers),
    ...(file.manifest === undefined ? [] : manifestCases(file.manifest, file.identities, signers)),
    ...signedTextCases(file, signers),
    ...(file.envelope === undefined ? [] : envelopeCases(file.envelope, signers)),
    ...(file.proofs_of_execution ?? []).map(({ task_id: taskId, result_base64: result, poe }, index) =>
      equal(`proof of execution ${index}`, () => proofOfExecution(taskId, new Uint8Array(Buffer.from(result, 'base64')), file.identities.node_id), poe),
    ),
    ...(file.chat_response === undefined ? [] : chatCases(file.chat_response, file.identities.node_id)),
    ...sealedAnswerCases(file),
    ...(file.seeds ?? []).map(({ task_id: taskId, seed }, index) => equal(`seed ${index}`, () => seedOfTask(taskId), seed)),
  ];
}

function identityCases({ keys, identities }: CoordinatorFile, { identity }: Signers): Case[] {
  const coordinator = keypairOf(readOperatorSecret(keys.coordinator_secret));
  return [
    equal('identity node_id', () => identity.nodeId, identities.node_id),
    equal('identity spki', () => createPublicKey(identity.publicKeyPem).export({ type: 'spki', format: 'der' }).toString('base64'), identities.spki_der_base64),
    equal('identity wallet_address', () => identity.walletAddress, identities.wallet_address),
    equal('identity liveness_address', () => identity.livenessAddress, identities.liveness_address),
    equal('identity coordinator_id', () => coordinator.toSuiAddress(), identities.coordinator_id),
  ];
}

/** Address that made a personal-message signature; rejects when it is none. */
const signerOf = async (text: string, signature: string): Promise<string> => (await verifyPersonalMessageSignature(utf8ToBytes(text), signature)).toSuiAddress();

function manifestCases(manifest: NonNullable<CoordinatorFile['manifest']>, identities: CoordinatorFile['identities'], signers: Signers): Case[] {
  const { signed } = manifest;
  const parsed = (): Manifest => manifestSchema.parse(signed);
  const { signature: _signature, ...unsigned } = signed;
  const altered = { ...signed, node_id: `${String(signed['node_id'])}0` };
  return [
    { name: 'manifest schema', run: () => void parsed() },
    equal('manifest canonical bytes', () => new TextDecoder().decode(manifestBytes(signed)), manifest.canonical_without_signature),
    equal('manifest signature', () => verifyManifest(signed), true),
    equal('manifest signature of other bytes', () => verifyManifest(altered), false),
    equal('manifest signed by the vault', async () => verifyManifest({ ...signed, signature: await signers.signManifest(unsigned) }), true),
    equal('manifest node_id', () => parsed().node_id, identities.node_id),
    equal('manifest public key', () => createPublicKey(signed.pubkey_rsa).equals(createPublicKey(signers.identity.publicKeyPem)), true),
    equal('manifest wallet_sig', () => signerOf(signedTexts.bind(identityOf(parsed())), signed.wallet_sig), identities.wallet_address),
    equal('manifest wallet_sig by the vault', async () => signerOf(signedTexts.bind(signers.identity), await signers.walletBinding()), identities.wallet_address),
    equal('manifest hardware_tier', () => hardwareTier(parsed().gpu.length === 0 ? null : Math.max(...parsed().gpu.map(({ vram_gb: vram }) => vram))), signed['hardware_tier']),
  ];
}

const identityOf = (manifest: Manifest): { nodeId: string; livenessAddress: string; walletAddress: string } => ({
  nodeId: manifest.node_id,
  livenessAddress: manifest.liveness_address,
  walletAddress: manifest.wallet_address,
});

type Fields = NonNullable<CoordinatorFile['signed_texts']>['fields'];
type Signer = 'coordinator' | 'liveness' | 'operator';
const livenessKinds: readonly string[] = ['hello', 'heartbeat', 'result', 'failure', 'history'];

/** The text of a kind, from the file's fields, and who signs it. `ack_<status>` names the status; a rejection has no entry index. */
function textOf(kind: string, fields: Fields, file: CoordinatorFile): { text: string; by: Signer } {
  const { node_id: nodeId, coordinator_id: coordinatorId, liveness_address: livenessAddress, wallet_address: walletAddress } = file.identities;
  const { nonce, ts, session_id: sessionId, seq, state, stack_small_id: stackSmallId, task_id: taskId, code, after, compute_units: computeUnits } = fields;
  const status = /^ack_(\w+)$/.exec(kind)?.[1];
  if (status !== undefined) {
    return { text: signedTexts.ack({ coordinatorId, nodeId, taskId, status, entryIndex: status === 'rejected' ? null : fields.entry_index }), by: 'coordinator' };
  }
  const poe = fields.poe ?? file.chat_response?.poe ?? '';
  const entry = fields.entry ?? file.chat_response?.entry ?? '';
  switch (kind) {
    case 'bind': return { text: signedTexts.bind({ nodeId, livenessAddress, walletAddress }), by: 'operator' };
    case 'challenge': return { text: signedTexts.challenge({ coordinatorId, nonce, ts }), by: 'coordinator' };
    case 'hello': return { text: signedTexts.hello({ coordinatorId, nodeId, nonce, ts }), by: 'liveness' };
    case 'heartbeat': return { text: signedTexts.heartbeat({ sessionId, nodeId, seq, ts, state }), by: 'liveness' };
    case 'result': return { text: signedTexts.result({ nodeId, taskId, stackSmallId, computeUnits, poe, entry }), by: 'liveness' };
    case 'failure': return { text: signedTexts.failure({ sessionId, nodeId, taskId, code, ts }), by: 'liveness' };
    case 'history': return { text: signedTexts.history({ sessionId, nodeId, stackSmallId, after }), by: 'liveness' };
    default: throw new Error(`no text of the kind ${kind} is known`);
  }
}

function signedTextCases(file: CoordinatorFile, signers: Signers): Case[] {
  if (file.signed_texts === undefined) return [];
  const { fields, ...texts } = file.signed_texts;
  const addresses: Record<Signer, string> = { coordinator: file.identities.coordinator_id, liveness: file.identities.liveness_address, operator: file.identities.wallet_address };
  return Object.entries(texts as Record<string, { text: string; signature: string }>).flatMap(([kind, expected]) => [
    equal(`signed text ${kind}`, () => textOf(kind, fields, file).text, expected.text),
    { name: `signature of ${kind}`, run: async () => same(await signerOf(textOf(kind, fields, file).text, expected.signature), addresses[textOf(kind, fields, file).by], 'address') },
    ...(livenessKinds.includes(kind) ? [equal(`own signature of ${kind}`, async () => signerOf(expected.text, await signers.signLiveness(expected.text)), addresses.liveness)] : []),
  ]);
}

function chatCases(chat: NonNullable<CoordinatorFile['chat_response']>, nodeId: string): Case[] {
  const { task_id: taskId, model, content, finish_reason: finishReason, prompt_tokens: promptTokens, completion_tokens: completionTokens } = chat;
  const bytes = (): Uint8Array => utf8ToBytes(chatResultText({ taskId, model, content, finishReason, promptTokens, completionTokens }));
  return [
    { name: 'chat request', run: () => holds(planChat(chat.body, taskId) !== null, 'the body is not read as a chat request') },
    equal('chat result bytes', () => new TextDecoder().decode(bytes()), chat.result_bytes_utf8),
    equal('chat entry', () => bytesToHex(stackEntry(chat.body, bytes())), chat.entry),
    equal('chat proof of execution', () => proofOfExecution(taskId, bytes(), nodeId), chat.poe),
  ];
}
