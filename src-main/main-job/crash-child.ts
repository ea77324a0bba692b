/** A node in a process of its own that kills itself at a boundary of the main job; started by the crash table. */
import { crashPoints, type CrashPoint } from '../core/crash-points.ts';
import { startBenchNode } from './bench-node.ts';

const [dataDir = '', url = '', crashAt = ''] = process.argv.slice(2);
if (!(crashPoints as readonly string[]).includes(crashAt)) throw new Error(`no boundary is called ${crashAt}`);
startBenchNode({ dataDir, url, crashAt: crashAt as CrashPoint, onCrash: () => process.kill(process.pid, 'SIGKILL') });
