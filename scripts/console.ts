/** `npm run console -- VERB …`: the command line of the console, straight from the source, so that nothing has to be built (README, "Command line"). */
import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';
import { assertNode } from './lib/assert-node.ts';

assertNode();
const args = process.argv.slice(2);
const entry = resolve(import.meta.dirname, '../src-main/headless.ts');
// Without a verb the entry would serve a console; here that is a question about verbs.
const ended = spawnSync(process.execPath, [entry, ...(args.length === 0 ? ['help'] : args)], { stdio: 'inherit' });
process.exit(ended.status ?? 1);
