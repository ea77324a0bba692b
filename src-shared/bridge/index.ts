/** The door of the bridge: all calls joined, their inferred types, the answer envelope and the topics that are pushed. */
import { z } from 'zod';
import { jobCalls, moneyCalls, nodeCalls, settingsCalls, walletCalls } from './calls.ts';
import { desktopCalls } from './desktop-calls.ts';
import { confidentialCalls } from './confidential-calls.ts';
import { diagnosticsCalls } from './diagnostics-calls.ts';
import { attestationCalls } from './attestation-calls.ts';
import { economicsCalls } from './economics.ts';
import { fleetCalls } from './fleet-calls.ts';
import { engineCalls } from './engine-calls.ts';
import { ingressCalls } from './ingress-calls.ts';
import { hardwareCalls } from './hardware-calls.ts';
import { modelCalls } from './model-calls.ts';
import { remoteCalls } from './remote-calls.ts';
import { fundsCalls } from './wallet-calls.ts';

/** Call name → input and output schema. */
export const calls = { ...nodeCalls, ...moneyCalls, ...jobCalls, ...walletCalls, ...settingsCalls, ...modelCalls, ...attestationCalls, ...diagnosticsCalls, ...desktopCalls, ...economicsCalls, ...hardwareCalls, ...engineCalls, ...ingressCalls, ...fundsCalls, ...confidentialCalls, ...remoteCalls, ...fleetCalls } as const;
export type Calls = typeof calls;
export type CallName = keyof Calls;

/** A call's input as the window's code writes it (decoded values: bigint amounts). */
export type CallInput<N extends CallName> = z.output<Calls[N]['input']>;
/** A call's output as code on either side handles it (decoded values). */
export type CallOutput<N extends CallName> = z.output<Calls[N]['output']>;

/** One handler per call; a missing or an extra one does not compile. */
export type Handlers = { [N in CallName]: (input: CallInput<N>) => Promise<CallOutput<N>> };

/** What crosses the bridge as an answer; nothing is thrown across. */
export const answerSchema = z.discriminatedUnion('ok', [
  z.object({ ok: z.literal(true), value: z.json() }),
  z.object({
    ok: z.literal(false),
    error: z.object({ code: z.string(), message: z.string(), fields: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])) }),
  }),
]);
export type Answer = z.infer<typeof answerSchema>;

/** Pushed names: "this changed, read it again"; never the truth itself. */
export const topicSchema = z.enum(['node', 'jobs', 'stacks', 'ledger', 'chain', 'setup', 'settings', 'sandbox', 'logs', 'models', 'attestations', 'economics', 'hardware', 'engines', 'ingress', 'confidential', 'fleet', 'remote']);
export type Topic = z.infer<typeof topicSchema>;

/** What the preload exposes as window.bridge, and what the loopback client imitates. */
export type RawBridge = {
  call(name: string, input: unknown): Promise<unknown>;
  subscribe(listener: (topic: string) => void): () => void;
};

