/** Runs the project's own functions over vector files of coordinator.md: `npm run conformance -- FILE…`. Exit code 0 only if every case passes. */
import { runConformance } from './conformance/run.ts';

const files = process.argv.slice(2);
if (files.length === 0) {
  console.error('usage: npm run conformance -- FILE…');
  process.exitCode = 2;
} else {
  const { lines, failed } = await runConformance(files);
  for (const line of lines) console.log(line);
  process.exitCode = failed === 0 ? 0 : 1;
}
