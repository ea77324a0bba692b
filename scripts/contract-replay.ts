/** Replays recorded contract files on the sandbox's rules: `npm run contract:replay -- FILE…`. Exit code 0 only if everything agrees. */
import { replayReport } from './contract-replay/report.ts';

const files = process.argv.slice(2);
if (files.length === 0) {
  console.error('usage: npm run contract:replay -- FILE…');
  process.exitCode = 2;
} else {
  const { lines, agreed, total } = await replayReport(files);
  for (const line of lines) console.log(line);
  process.exitCode = agreed === total && total > 0 ? 0 : 1;
}
