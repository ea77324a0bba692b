/** Takes secrets out of one line of the diagnostics bundle and says what it took out: keys, phrases, tokens and texts of requests always; addresses and the machine's names when asked (issue: "a bundle whose redaction is shown line by line before it is saved"). */
import type { Redaction } from '../../src-shared/bridge/diagnostics-calls.ts';

/** What is taken out besides secrets. `names` are the machine's own: user, host and folders. */
export type RedactOptions = { hideAddresses: boolean; names: readonly string[] };

type Rule = { kind: Redaction; pattern: RegExp; keep?: string };

/** A JSON string or a bare word behind a name that ends so: its value never leaves this machine, whatever it looks like. */
const valueOf = (names: string): RegExp => new RegExp(`("(?:[\\w.-]*)(?:${names})"\\s*:\\s*)(?:"(?:[^"\\\\]|\\\\.)*"|[\\[{][^\\]}]*[\\]}])`, 'gi');

const secrets: readonly Rule[] = [
  { kind: 'key', pattern: /suiprivkey1[0-9a-z]+/gi },
  { kind: 'key', pattern: /-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)/g },
  { kind: 'phrase', pattern: /\b(?:[a-z]{3,8}[ ,]+){11,}[a-z]{3,8}\b/g },
  { kind: 'key', pattern: valueOf('secret|private|privateKey|private_key|seed'), keep: '$1' },
  { kind: 'phrase', pattern: valueOf('passphrase|password|phrase|mnemonic'), keep: '$1' },
  { kind: 'token', pattern: valueOf('token|cookie|authorization|session|apiKey|api_key'), keep: '$1' },
  { kind: 'request', pattern: valueOf('prompt|prompts|content|messages|plaintext|body|result|answer|completion'), keep: '$1' },
  { kind: 'token', pattern: /\b(Bearer|Basic)\s+[\w.~+/=-]{8,}/gi, keep: '$1 ' },
  { kind: 'token', pattern: /\b(?:ocr_|hf_|sk-|ghp_|github_pat_)[\w-]{8,}/g },
  { kind: 'token', pattern: /\beyJ[\w-]{8,}(?:\.[\w-]*){2,4}/g },
  { kind: 'token', pattern: /(\/(?:link|secure)\/)[\w-]{20,}/g, keep: '$1' },
  { kind: 'token', pattern: /(:\/\/)[^\s/@:"]+:[^\s/@"]+@/g, keep: '$1' },
  { kind: 'token', pattern: /([?&](?:[\w-]*(?:token|key|secret|auth|sig|password))=)[^&\s"]+/gi, keep: '$1' },
];

const addresses: readonly Rule[] = [
  { kind: 'address', pattern: /\b0x[0-9a-f]{40,64}\b/gi },
  { kind: 'address', pattern: /\b[1-9A-HJ-NP-Za-km-z]{43,44}\b/g },
  { kind: 'address', pattern: /\b(?!127\.)(?:\d{1,3}\.){3}\d{1,3}\b/g },
  { kind: 'address', pattern: /\[(?!::1\])[0-9a-f:]*:[0-9a-f:]+\]/gi },
];

/** Where the machine's names stand they are letters of a word of their own. */
const nameRule = (name: string): Rule => ({ kind: 'machine', pattern: new RegExp(`(?<![\\w.-])${name.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')}(?![\\w-])`, 'gi') });

/** The line as it may leave the machine. Line ends become spaces, so that one entry is one line. */
export function redactLine(line: string, { hideAddresses, names }: RedactOptions): { text: string; removed: Redaction[] } {
  const removed = new Set<Redaction>();
  const machine = [...names].filter((name) => name.length >= 3).sort((a, b) => b.length - a.length).map(nameRule);
  const rules = [...secrets, ...(hideAddresses ? [...machine, ...addresses] : [])];
  let text = line;
  for (const { kind, pattern, keep = '' } of rules) {
    text = text.replace(pattern, (found: string, head: unknown) => {
      const kept = keep.startsWith('$1') && typeof head === 'string' ? `${head}${keep.slice(2)}` : '';
      // A value that was masked before is not masked again, nor counted twice.
      if (found.slice(kept.length).replace(/^"|"$/g, '').startsWith('[redacted')) {
        removed.add(kind);
        return found;
      }
      removed.add(kind);
      const mask = `[redacted ${kind}]`;
      return `${kept}${/["\]}]$/.test(found) && kept !== '' ? JSON.stringify(mask) : mask}`;
    });
  }
  return { text: text.replace(/\r?\n/g, ' ⏎ '), removed: [...removed].sort() };
}
