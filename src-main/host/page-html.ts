/** Builds the hosts' own pages: escaped HTML without any script, one style known to the policy by its hash (design.md; issue: "Bridge and hosts"). */
import { createHash } from 'node:crypto';
import { plainPageHeaders } from './page-headers.ts';
import { pageStyle } from './page-style.ts';
import { pageText } from './page-text.ts';

/** Markup that is safe to insert as it stands. */
export type Html = { readonly markup: string };

type Part = string | number | bigint | Html | readonly Html[] | null;

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

const escape = (text: string): string => text.replace(/[&<>"']/g, (letter) => entities[letter] ?? '');

function render(part: Part): string {
  if (part === null) return '';
  if (typeof part !== 'object') return escape(String(part));
  return 'markup' in part ? part.markup : part.map((inner) => inner.markup).join('');
}

/** Template tag: what is inserted is escaped, unless it is Html itself; null is nothing. */
export const html = (texts: TemplateStringsArray, ...parts: readonly Part[]): Html => ({
  markup: texts.reduce((all, text, index) => all + render(parts[index - 1] ?? null) + text),
});

/** A page before it is sent: `title` is also its one first-level heading. */
export type PageView = { title: string; content: Html };

/** A page with status and headers. */
export type PageResponse = { status: number; headers: Readonly<Record<string, string>>; body: string };

/** Lays out a page. `head` may add elements such as a refresh. */
export function renderPage(status: number, { title, content }: PageView, head: Html | null = null): PageResponse {
  const page = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title} · ${pageText.product}</title>
${head}<style>${{ markup: pageStyle }}</style>
</head>
<body>
<main>
<p class="product">${pageText.product}</p>
<h1>${title}</h1>
${content}
</main>
</body>
</html>
`;
  const styleHash = createHash('sha256').update(pageStyle).digest('base64');
  return { status, headers: plainPageHeaders(styleHash), body: page.markup };
}
