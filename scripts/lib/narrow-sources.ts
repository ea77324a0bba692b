/** Writes bundled code in ASCII alone: one wider character would make V8 keep the whole file with two bytes for each, for as long as the process runs (product.md, Budgets: memory of the main process). */

/** The same code with every other character as an escape. Only strings, templates and patterns hold such characters, and there the escape means the same. @throws Error where a backslash stands before one, since the escape would mean something else */
export function narrowSource(code: string, name: string): string {
  const wide = /\\[^\0-\x7f]/.exec(code);
  if (wide !== null) throw new Error(`${name} escapes a character that is not ASCII: ${code.slice(Math.max(0, wide.index - 40), wide.index + 10)}`);
  return code.replace(/[^\0-\x7f]/g, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

type Output = Record<string, { type: 'asset' } | { type: 'chunk'; code: string }>;

/** Does so for every chunk of a build. */
export const narrowSources = () => ({
  name: 'narrow-sources',
  generateBundle(_options: unknown, bundle: Output): void {
    for (const [name, output] of Object.entries(bundle)) if (output.type === 'chunk') output.code = narrowSource(output.code, name);
  },
});
