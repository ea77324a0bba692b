/** A whole node in a process of its own that kills itself at a boundary; loads first, starts when the crash table says so, and ends with it. */
import { z } from 'zod';
import { networkProfileSchema } from '../../src-shared/domain/network-profile.ts';
import { openNode, passphrase } from '../testing/whole-node.ts';

const orderSchema = z.object({ dataDir: z.string(), profile: networkProfileSchema, crashAt: z.string() });

process.once('disconnect', () => process.exit(0));
process.once('message', async (message) => {
  const { dataDir, profile, crashAt } = orderSchema.parse(message);
  const node = await openNode({
    dataDir,
    profile,
    crashPoint: (point) => {
      if (point === crashAt) process.kill(process.pid, 'SIGKILL');
    },
  });
  await node.secure.unlock(passphrase);
});
