/** The keys of the console as data: pages by g and a letter, acts by one letter, help by ? (issue: full keyboard map). Keys of one letter can be switched off, as WCAG 2.1.4 asks. */
import { screenPaths } from '../../src-shared/bridge/screens.ts';

/** Pages with the letter that follows g. */
export const pageKeys = {
  d: 'dashboard',
  i: 'whyIdle',
  t: 'tasks',
  s: 'stacks',
  j: 'jobs',
  m: 'models',
  h: 'hardware',
  a: 'attestations',
  e: 'economics',
  w: 'wallet',
  f: 'fleet',
  l: 'leave',
  ',': 'settings',
  n: 'network',
} as const;

/** A page that has a letter. */
export type KeyPage = (typeof pageKeys)[keyof typeof pageKeys];

/** Addresses of those pages. */
export const keyPaths = Object.fromEntries(
  Object.values(pageKeys).map((page) => [page, screenPaths[page === 'whyIdle' ? 'why-idle' : page]]),
) as Readonly<Record<KeyPage, string>>;

/** What a key press asks for. */
export type KeyAct = { kind: 'help' } | { kind: 'pause' } | { kind: 'begin' } | { kind: 'go'; path: string } | null;
/** The press as the browser reports it. */
export type Press = { key: string; ctrlKey: boolean; altKey: boolean; metaKey: boolean; isTyping: boolean };

/** Time between g and the letter that follows. */
export const sequenceMs = 1_500;

/** The act of a press; `begun` is true shortly after g. Nothing is taken from a field that is typed into. */
export function keyAct(press: Press, { begun, single }: { begun: boolean; single: boolean }): KeyAct {
  if (press.altKey) return null;
  if (press.ctrlKey || press.metaKey) return press.key === '/' ? { kind: 'help' } : null;
  if (press.isTyping || !single) return null;
  if (begun && Object.hasOwn(pageKeys, press.key))
    return { kind: 'go', path: keyPaths[pageKeys[press.key as keyof typeof pageKeys]] };
  if (press.key === '?') return { kind: 'help' };
  if (press.key === 'g') return { kind: 'begin' };
  if (press.key === 'p') return { kind: 'pause' };
  return null;
}
