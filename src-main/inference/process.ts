/** Entry of the inference process: joins the engine to the parent's messages (architecture: a process of its own per device). */
import { constants, setPriority } from 'node:os';
import { z } from 'zod';
import { connectParent } from '../platform/processes.ts';
import { createEngine } from './engine.ts';
import { toEngine } from './messages.ts';
import { probeProvider } from './probe-provider.ts';

const providerArgument = z.enum(['cpu', 'webgpu', 'cuda', 'directml', 'coreml']);
const [providerName, indexText] = process.argv.slice(-2);
const nowMs = (): number => performance.now();

// The console, its proofs and whatever the owner does on this machine come first: a model takes the processor time that is left.
setPriority(constants.priority.PRIORITY_BELOW_NORMAL);

const parent = connectParent();
const engine = createEngine(
  { provider: providerArgument.parse(providerName), index: z.coerce.number().int().min(0).parse(indexText) },
  {
    send: (message) => parent.send(message),
    nowMs,
    schedule: (delayMs, work) => void setTimeout(work, delayMs),
    probe: (provider, folder) => probeProvider(provider, folder, nowMs),
  },
);
// A parent that has gone takes its work along. A message that does not parse is a bug of ours: the process ends and says why on stderr.
parent.onClose(() => process.exit(0));
parent.onMessage((message) => engine.handle(toEngine.parse(message)));
parent.send({ kind: 'ready' });
