/** Whether this process may listen on loopback: the headless host, the command line and the sandbox all need it (issue: doctor, "ports"). */
import { createServer } from 'node:net';

/** Opens and closes a port that the system chooses; never rejects. */
export function checkLoopback(): Promise<{ ok: boolean; problem: string | null }> {
  return new Promise((resolve) => {
    const server = createServer();
    server.on('error', (error) => resolve({ ok: false, problem: error.message }));
    server.listen({ host: '127.0.0.1', port: 0 }, () => server.close(() => resolve({ ok: true, problem: null })));
  });
}
