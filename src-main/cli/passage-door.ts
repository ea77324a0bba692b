/** The door to a console that runs: its control passage on loopback, with the token of its control file (decision 0013). */
import { request } from 'node:http';
import { z } from 'zod';
import { answerSchema, type Answer } from '../../src-shared/bridge/index.ts';
import { AppError } from '../../src-shared/errors.ts';
import type { ControlFile } from '../platform/control-file.ts';
import { valueOf, type ConsoleDoor } from './console-door.ts';

const helloSchema = z.object({ confirmedBy: z.enum(['passphrase', 'keychain']) });

/** Greets the console and opens the door. @throws AppError bridge.unreachable when it does not answer */
export async function openPassageDoor({ port, token }: Pick<ControlFile, 'port' | 'token'>): Promise<ConsoleDoor> {
  const post = (path: string, body: unknown): Promise<Answer> => send({ port, token, path, body: JSON.stringify(body) });
  const { confirmedBy } = helloSchema.parse(valueOf(await post('/control/hello', {})));
  return {
    running: true,
    confirmedBy,
    ask: (name, input) => post('/control/call', { name, input }),
    approve: async (proposalId, passphrase) => void valueOf(await post('/control/approve', { proposalId, passphrase })),
    decline: async (proposalId) => void valueOf(await post('/control/decline', { proposalId })),
    close: async () => undefined,
  };
}

/** A bare request: `fetch` adds the headers by which the passage knows browsers. */
function send({ port, token, path, body }: { port: number; token: string; path: string; body: string }): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const unreachable = (cause: unknown): void => reject(new AppError('bridge.unreachable', {}, { cause }));
    const headers = { host: `127.0.0.1:${port}`, authorization: `Bearer ${token}`, 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) };
    const sent = request({ host: '127.0.0.1', port, method: 'POST', path, headers }, (response) => {
      const parts: Buffer[] = [];
      response.on('data', (part: Buffer) => parts.push(part));
      response.on('error', unreachable);
      response.on('end', () => {
        try {
          resolve(answerSchema.parse(JSON.parse(Buffer.concat(parts).toString('utf8'))));
        } catch (error) {
          unreachable(error); // not a console that answers there
        }
      });
    });
    sent.on('error', unreachable);
    sent.end(body);
  });
}
