/** Holds a key in a process of its own until it is killed, for the test of two consoles with one key. */
import { createKeyHold } from '../key-hold.ts';

const [folder = '', wallet = ''] = process.argv.slice(2);
try {
  createKeyHold(folder).hold(wallet);
  process.send?.('held');
  setInterval(() => undefined, 60_000);
} catch (error) {
  process.send?.((error as Error).message, () => process.exit(1));
}
process.once('disconnect', () => process.exit(0));
