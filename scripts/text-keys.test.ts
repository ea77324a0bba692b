/** Every key that the window asks of the catalogue is there, and every text of the catalogue is asked for (product.md, "Rules"). */
import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import { en } from '../src-renderer/text/en.ts';

const root = resolve(import.meta.dirname, '../src-renderer');
const textFolder = 'text';

const leavesOf = (node: unknown, path: string): string[] =>
  typeof node === 'string' ? [path] : Object.entries(node as object).flatMap(([key, value]) => leavesOf(value, path === '' ? key : `${path}.${key}`));
/** i18next takes the form by the number that is given. */
const withoutForm = (key: string): string => key.replace(/_(zero|one|two|few|many|other)$/, '');
/** One gap of a template is one word of a key. */
const patternOf = ({ head, templateSpans }: ts.TemplateExpression): RegExp => {
  const parts = [head.text, ...templateSpans.map(({ literal }) => literal.text)].map((part) => part.replaceAll(/[^\w-]/g, String.raw`\$&`));
  return new RegExp(`^${parts.join(String.raw`[\w-]+`)}$`);
};

type Found = { words: Set<string>; patterns: RegExp[]; asked: { at: string; key: string | RegExp }[] };

/** Texts of an expression that may be its value. */
const valuesOf = (node: ts.Expression): (string | RegExp)[] => {
  if (ts.isStringLiteralLike(node)) return [node.text];
  if (ts.isTemplateExpression(node)) return [patternOf(node)];
  if (ts.isConditionalExpression(node)) return [...valuesOf(node.whenTrue), ...valuesOf(node.whenFalse)];
  return ts.isParenthesizedExpression(node) ? valuesOf(node.expression) : [];
};

function read(file: string, found: Found): void {
  const source = ts.createSourceFile(file, readFileSync(join(root, file), 'utf8'), ts.ScriptTarget.Latest, true, file.endsWith('x') ? ts.ScriptKind.TSX : ts.ScriptKind.TS);
  const visit = (node: ts.Node): void => {
    if (ts.isStringLiteralLike(node)) found.words.add(node.text);
    // A template without a fixed beginning could be anything.
    if (ts.isTemplateExpression(node) && /^\w+\./.test(node.head.text)) found.patterns.push(patternOf(node));
    const [first] = ts.isCallExpression(node) && ts.isIdentifier(node.expression) && node.expression.text === 't' ? node.arguments : [];
    if (first !== undefined) {
      const at = `${file}:${source.getLineAndCharacterOfPosition(node.getStart()).line + 1}`;
      found.asked.push(...valuesOf(first).map((key) => ({ at, key })));
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
}

const found: Found = { words: new Set(), patterns: [], asked: [] };
for (const file of readdirSync(root, { recursive: true, encoding: 'utf8' })) if (/(?<!\.test)\.tsx?$/.test(file) && !file.startsWith(textFolder)) read(file, found);
const leaves = leavesOf(en, '');

describe('the catalogue', () => {
  it('has every key that is asked for', () => {
    const known = new Set(leaves.flatMap((leaf) => [leaf, withoutForm(leaf)]));
    const missing = found.asked.filter(({ key }) => (typeof key === 'string' ? !known.has(key) : ![...known].some((one) => key.test(one))));
    expect(found.asked.length).toBeGreaterThan(500);
    expect(missing).toEqual([]);
  });
  it('has no text that nothing asks for', () => {
    const isAsked = (key: string): boolean => found.words.has(key) || found.patterns.some((pattern) => pattern.test(key));
    expect(leaves.filter((leaf) => !isAsked(leaf) && !isAsked(withoutForm(leaf)))).toEqual([]);
  });
});
