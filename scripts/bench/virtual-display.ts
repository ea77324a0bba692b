/** A display for benchmarks that open a window: the one that is there, or a virtual one for as long as it is needed. */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';

const virtualServer = '/usr/bin/Xvfb';

/** Its name for DISPLAY, and how to end it. */
export type Display = { name: string; stop(): void };

/** Null where there is neither a display nor Xvfb. */
export async function openDisplay(): Promise<Display | null> {
  const present = process.env['DISPLAY'];
  if (present !== undefined && present !== '') return { name: present, stop: () => undefined };
  if (!existsSync(virtualServer)) return null;
  // It chooses a free number and writes it to the fourth descriptor.
  const server = spawn(virtualServer, ['-displayfd', '3', '-screen', '0', '1440x1000x24', '-nolisten', 'tcp'], { stdio: ['ignore', 'ignore', 'ignore', 'pipe'] });
  const number = await new Promise<string>((resolve, reject) => {
    server.stdio[3]?.on('data', (data: Buffer) => resolve(data.toString().trim()));
    server.on('exit', (code) => reject(new Error(`Xvfb ended with code ${code}`)));
  });
  return { name: `:${number}`, stop: () => void server.kill() };
}
