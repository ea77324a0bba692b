/** Says plainly when a script is run by a Node.js without SQLite, instead of failing deep inside (npm run uses the pinned Node). */

/** Ends the process with a sentence when Node.js is older than 22.18. */
export function assertNode(): void {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  if (major > 22 || (major === 22 && minor >= 18)) return;
  console.error(`Node.js ${process.versions.node} is too old for this script. Run it through npm (npm run …), which uses the Node.js pinned in node_modules.`);
  process.exit(1);
}
