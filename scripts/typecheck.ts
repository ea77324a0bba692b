/** Type-checks each process with its own tsconfig: shared has neither Node nor DOM, the window has no Node (docs/architecture.md). */
import { spawnSync } from 'node:child_process';

const projects = ['src-shared', 'src-main', 'src-renderer', '.'];
const failed = projects.filter((project) => {
  console.log(`typecheck ${project === '.' ? 'scripts, e2e and tests' : project}`);
  return spawnSync('tsc', ['-p', project], { stdio: 'inherit', shell: process.platform === 'win32' }).status !== 0;
});
process.exitCode = failed.length === 0 ? 0 : 1;
