/** A driver over real rows in a temp folder, with a small chain, coordinator and engine beside it: real sealing, real hashes, answers that are a pure function of the request. */
import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bytesToHex, hexToBytes } from '@noble/hashes/utils.js';
import type { Outcome } from '../../../src-shared/bridge/intents.ts';
import { AppError } from '../../../src-shared/errors.ts';
import { chatResultText } from '../../../src-shared/link/chat.ts';
import { sealForNode } from '../../../src-shared/link/envelope.ts';
import type { HistoryItem } from '../../../src-shared/link/messages.ts';
import { committedProof, merkleRoot, stackEntry, stackLeaf } from '../../../src-shared/link/proof.ts';
import { wasmResultText, type WasmAnswer } from '../../../src-shared/link/wasm.ts';
import type { HistoryEntry, TicketFact } from '../../core/attest-rows.ts';
import { createEnvelopeOpener } from '../../keys/envelope-opener.ts';
import { createSecret } from '../../keys/secret.ts';
import { silentLogger } from '../../log/logger.ts';
import { createAttestStore, type AttestStore } from '../../store/attest-store.ts';
import { openStore, type Store } from '../../store/open.ts';
import { createAttestDriver, type AttestDriver } from '../attest-driver.ts';
import type { AttestDeps, HistoryPage } from '../types.ts';

export const me = 7n;
const nodeId = `0x${'7'.repeat(64)}`;
const rsa = generateKeyPairSync('rsa', { modulusLength: 2048, publicKeyEncoding: { type: 'spki', format: 'pem' }, privateKeyEncoding: { type: 'pkcs8', format: 'der' } });
const opener = createEnvelopeOpener(createSecret(new Uint8Array(rsa.privateKey)), nodeId);

/** A task id whose last characters count. */
export const taskIdOf = (index: number): string => `01M7XPG0PVERF7HENE4K5H${String(index).padStart(4, '0')}`;
const model = 'sandbox/tiny-chat@1';
const bodyOf = (index: number): string => JSON.stringify({ messages: [{ role: 'user', content: `secret question ${index}` }] });
const contentOf = (text: string): string => `answer to ${text}`;

/** What an honest node makes of a request. */
const honestEntry = (index: number): string => {
  const answer = chatResultText({ taskId: taskIdOf(index), model, content: contentOf(`secret question ${index}`), finishReason: 'stop', promptTokens: 3, completionTokens: 4 });
  return bytesToHex(stackEntry(bodyOf(index), new TextEncoder().encode(answer)));
};

const sealed = new Map<number, Promise<string>>();
const envelopeOf = (index: number): Promise<string> => {
  const known = sealed.get(index) ?? sealForNode({ v: 1, body: bodyOf(index) }, { publicKeyPem: rsa.publicKey, nodeId, taskId: taskIdOf(index) });
  sealed.set(index, known);
  return known;
};

/** One entry of a history as an honest coordinator hands it out. */
export const historyItem = async (index: number, change: Partial<HistoryItem> = {}): Promise<HistoryItem> => ({
  index, task_id: taskIdOf(index) as HistoryItem['task_id'], workload_class: 'ai.inference', model, max_compute_units: 50, envelope: await envelopeOf(index), entry: honestEntry(index), fingerprint: 'engine/1', ...change,
});

/** What a function makes of its input here. */
const wasmAnswer = (stdin: string, maxComputeUnits: bigint): WasmAnswer => ({ exitCode: 0, stdout: stdin, stderr: '', trap: null, instructions: maxComputeUnits });
/** An honest entry whose request is a WASM function: no model. */
export const wasmItem = async (index: number): Promise<HistoryItem> => {
  const body = JSON.stringify({ module: 'AGFzbQEAAAA=', args: [], stdin: 'aGk=' });
  const envelope = await sealForNode({ v: 1, body }, { publicKeyPem: rsa.publicKey, nodeId, taskId: taskIdOf(index) });
  const entry = bytesToHex(stackEntry(body, new TextEncoder().encode(wasmResultText(wasmAnswer('aGk=', 50n)))));
  return historyItem(index, { workload_class: 'wasm.run', model: '', envelope, entry });
};

/** A ticket over `entries` honest requests. */
export function ticketOver(entries: number, change: Partial<TicketFact> = {}): TicketFact {
  return ticketFor(Array.from({ length: entries }, (_, index) => honestEntry(index)), change);
}
/** A ticket over these entries. */
export function ticketFor(entries: readonly string[], change: Partial<TicketFact> = {}): TicketFact {
  const requestedNodes = change.requestedNodes ?? [me];
  const root = merkleRoot(entries.map((entry) => hexToBytes(entry)));
  const leaves = new Uint8Array(32 * (requestedNodes.length + 1));
  leaves.set(stackLeaf(0, root));
  return {
    stackSmallId: 3n, selectedNode: 2n, requestedNodes, attestedNodes: [], disputeSettledAtEpoch: 10n, isInDispute: false, committedProof: committedProof(root, requestedNodes.length), leaves,
    claimedUnits: 100n, stack: { taskSmallId: 2n, price: 5n, numComputeUnits: 200n }, ...change,
  };
}

const success: Outcome = { digest: 'D1', status: 'success', gasMist: 1n, error: null, effects: null };

/** Everything a test turns. */
export type Fixture = {
  store: Store;
  tables: AttestStore;
  driver: AttestDriver;
  /** Live tickets by stack. */
  tickets: Map<bigint, TicketFact>;
  chain: { epoch: bigint; chainMs: number; outcome: Outcome | AppError; attested: [bigint, string][]; scans: number; reads: number; hints: number };
  coordinator: { state: 'none' | 'down' | 'up'; pageSize: number; items: HistoryItem[]; refuse: Extract<HistoryPage, { kind: 'refused' }>['code'] | null; asked: number[] };
  engine: { runs: string[]; fingerprint: string; wrong: (taskId: string, run: number) => boolean; fail: AppError | null; before: (() => Promise<void>) | null };
  /** Runs WASM functions where it is there; what ran, by task id. */
  wasm: { runs: string[]; there: boolean };
  load: { running: number; slots: number; quiets: number };
  policies: { autoAttest: boolean; selfAuditSample: number };
  models: string[];
  clock: { nowMs: number };
  own: HistoryEntry[];
  commitment: { entries: Uint8Array[]; keptRoot: Uint8Array | null };
  /** Ends the driver and the database as a crash does, and opens both again. */
  restart(): void;
  close(): Promise<void>;
};

/** Opens a fixture whose coordinator holds `entries` honest requests of stack 3. */
export async function openAttestFixture(entries: number): Promise<Fixture> {
  const dataDir = mkdtempSync(join(tmpdir(), 'attest-'));
  const items = await Promise.all(Array.from({ length: entries }, (_, index) => historyItem(index)));
  const runsOf = new Map<string, number>();
  const open = (): Store => openStore({ dataDir }, { now: () => fixture.clock.nowMs, log: silentLogger });
  const build = (): AttestDriver => createAttestDriver(depsOf(fixture, runsOf));
  const fixture: Fixture = {
    store: null as never,
    tables: null as never,
    driver: null as never,
    tickets: new Map([[3n, ticketOver(entries)]]),
    chain: { epoch: 8n, chainMs: 8_100, outcome: success, attested: [], scans: 0, reads: 0, hints: 0 },
    coordinator: { state: 'up', pageSize: 2, items, refuse: null, asked: [] },
    engine: { runs: [], fingerprint: 'engine/1', wrong: () => false, fail: null, before: null },
    wasm: { runs: [], there: false },
    load: { running: 0, slots: 2, quiets: 0 },
    policies: { autoAttest: true, selfAuditSample: 2 },
    models: [model],
    clock: { nowMs: 1_000 },
    own: items.map((item): HistoryEntry => ({ index: item.index, taskId: item.task_id, workloadClass: item.workload_class, model, maxComputeUnits: 50, envelope: item.envelope, entry: item.entry, fingerprint: item.fingerprint })),
    commitment: { entries: items.map(({ entry }) => hexToBytes(entry)), keptRoot: items.length === 0 ? null : merkleRoot(items.map(({ entry }) => hexToBytes(entry))) },
    restart() {
      this.store.close();
      this.store = open();
      this.tables = createAttestStore(this.store);
      this.driver = build();
    },
    async close() {
      await this.driver.stop();
      this.store.close();
      rmSync(dataDir, { recursive: true });
    },
  };
  fixture.store = open();
  fixture.tables = createAttestStore(fixture.store);
  fixture.driver = build();
  return fixture;
}

function depsOf(fixture: Fixture, runsOf: Map<string, number>): AttestDeps {
  const { tickets, chain, coordinator, engine, wasm, load, clock } = fixture;
  return {
    tables: { ...fixture.tables, ownHistory: (_, after, limit) => fixture.own.filter(({ index }) => index > after).slice(0, limit), entryHashes: (_, after, limit) => fixture.commitment.entries.slice(after + 1, after + 1 + limit), keptRoot: () => fixture.commitment.keptRoot },
    chain: {
      nodeSmallId: () => me,
      epoch: () => chain.epoch,
      chainMs: () => chain.chainMs,
      epochMs: () => 1_000,
      delayEpochs: () => 2n,
      ticketsNaming: async (node) => {
        chain.scans += 1;
        return [...tickets.values()].filter((ticket) => ticket.requestedNodes.includes(node)).map((ticket) => ticket.stackSmallId);
      },
      ticketFacts: async (ids) => {
        chain.reads += 1;
        return ids.map((id) => tickets.get(id) ?? null);
      },
      money: () => ({ penalty: 100n, reward: 570n }),
      isAttesting: () => false,
      attest: async (id, root) => {
        chain.attested.push([id, root]);
        if (chain.outcome instanceof AppError) throw chain.outcome;
        const ticket = tickets.get(id);
        if (chain.outcome.status === 'success' && ticket !== undefined) tickets.set(id, { ...ticket, attestedNodes: [...ticket.attestedNodes, me] });
        return chain.outcome;
      },
      hint: () => void (chain.hints += 1),
    },
    rerun: {
      openEnvelope: opener,
      run: async (request, { signal }) => {
        await engine.before?.();
        signal.throwIfAborted();
        if (engine.fail !== null) throw engine.fail;
        const [message] = request.messages;
        const text = message?.content ?? '';
        const run = (runsOf.get(text) ?? 0) + 1;
        runsOf.set(text, run);
        engine.runs.push(text);
        const content = engine.wrong(text, run) ? 'something else' : contentOf(text);
        return { content, finishReason: 'stop', promptTokens: 3, completionTokens: 4, fingerprint: engine.fingerprint };
      },
      wasm: () =>
        wasm.there
          ? {
              run: async ({ taskId, stdin, maxComputeUnits }) => {
                wasm.runs.push(taskId);
                return { ...wasmAnswer(stdin, maxComputeUnits), fingerprint: engine.fingerprint };
              },
            }
          : null,
    },
    history: async (_, after) => {
      coordinator.asked.push(after);
      if (coordinator.refuse !== null) return { kind: 'refused', code: coordinator.refuse };
      const rest = coordinator.items.filter(({ index }) => index > after);
      const page = rest.slice(0, coordinator.pageSize);
      return { kind: 'page', items: page, next: rest.length > page.length ? (page.at(-1)?.index ?? null) : null };
    },
    coordinator: () => coordinator.state,
    models: () => fixture.models,
    load: () => load,
    quiet: async () => void (load.quiets += 1),
    policies: () => fixture.policies,
    now: () => clock.nowMs,
    random: () => 0,
    schedule: () => () => undefined,
    log: silentLogger,
  };
}
