/** Which script files a built page loads at first: those its HTML names, and all they import statically, each once. */
import { posix } from 'node:path';

const scriptTag = /<script\b[^>]*\bsrc="([^"]+)"/g;
const preloadLink = /<link\b[^>]*\brel="modulepreload"[^>]*\bhref="([^"]+)"/g;
/** `import … from "./x.js"`, `import"./x.js"` and `export … from "./x.js"`; a dynamic `import("./x.js")` has a bracket. */
const staticImport = /\b(?:import|export)\b(?:[^"'()]*?\bfrom)?\s*["'](\.{1,2}\/[^"']+\.js)["']/g;

/** Paths below the page's folder. `read` gives a file's text. */
export function firstScripts(html: string, read: (file: string) => string): string[] {
  const named = [...html.matchAll(scriptTag), ...html.matchAll(preloadLink)].map(([, path = '']) => posix.normalize(path.replace(/^\//, '')));
  const found = new Set<string>();
  const waiting = [...named];
  for (let file = waiting.pop(); file !== undefined; file = waiting.pop()) {
    if (found.has(file)) continue;
    found.add(file);
    const folder = posix.dirname(file);
    for (const [, path = ''] of read(file).matchAll(staticImport)) waiting.push(posix.join(folder, path));
  }
  return [...found].sort();
}
