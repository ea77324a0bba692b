/** Creates the key: passphrase where needed, the 24 words, and proof of the backup by re-entry of six of them (product.md, Set-up step 2). */
import { AppError } from '../../src-shared/errors.ts';
import { html, type Html, type PageView } from './page-html.ts';
import { pageText } from './page-text.ts';
import { ended, passphrasesDiffer, readSealingPassphrase, sealingFields, wordField, type Form, type Page, type PageContext, type PageStep } from './secure-form.ts';

const text = pageText.create;
const askedWords = 6;

function startView({ api }: PageContext): PageView {
  const seal: Html = sealingFields(api, true) ?? html`<p class="note">${text.keychain}</p>`;
  return {
    title: text.title,
    content: html`<p>${text.intro}</p>
<form method="post">${seal}
<div class="actions"><button class="primary" name="act" value="start">${text.start}</button></div></form>`,
  };
}

function wordsView(phrase: string): PageView {
  const words = phrase.split(' ').map((word) => html`<li>${word}</li>`);
  return {
    title: text.wordsTitle,
    content: html`<p>${text.wordsIntro}</p>
<ol class="words" translate="no">${words}</ol>
<form method="post"><div class="actions"><button class="primary" name="act" value="written">${text.written}</button></div></form>`,
  };
}

function reentryView(positions: readonly number[]): PageView {
  const fields = positions.map((position, index) => wordField(`word-${position}`, text.word(position), { autofocus: index === 0 }));
  return {
    title: text.reentryTitle,
    content: html`<p>${text.reentryIntro}</p>
<form method="post"><div class="grid">${fields}</div>
<div class="actions"><button class="primary" name="act" value="check">${text.check}</button>
<button name="act" value="again" formnovalidate>${text.again}</button></div></form>`,
  };
}

/** Six different positions of 1 to 24, ascending. */
function choosePositions(random: () => number): number[] {
  const left = Array.from({ length: 24 }, (_, index) => index + 1);
  const chosen = Array.from({ length: askedWords }, () => left.splice(Math.floor(random() * left.length), 1)[0] ?? 0);
  return chosen.sort((a, b) => a - b);
}

async function start({ api, visit }: PageContext, form: Form): Promise<PageStep> {
  const passphrase = readSealingPassphrase(api, form);
  if (passphrase === false) return passphrasesDiffer;
  const { phrase } = await api.createKey({ passphrase });
  visit.create = { kind: 'words', phrase };
  return { kind: 'view' };
}

async function check({ api, visit }: PageContext, form: Form): Promise<PageStep> {
  if (visit.create.kind !== 'reentry') return { kind: 'view' };
  const { phrase, positions } = visit.create;
  const words = phrase.split(' ');
  const right = positions.every((position) => form.text(`word-${position}`).trim().toLowerCase() === words[position - 1]);
  if (!right) throw new AppError('keys.phrase_mismatch');
  await api.confirmBackup(phrase);
  visit.create = { kind: 'start' };
  return ended;
}

/** The page. */
export const createPage: Page = {
  show(context) {
    const { create } = context.visit;
    if (create.kind === 'words') return wordsView(create.phrase);
    if (create.kind === 'reentry') return reentryView(create.positions);
    return context.api.keys().exists ? { title: text.title, content: html`<p>${text.exists}</p>` } : startView(context);
  },
  async act(context, form) {
    const { visit, random } = context;
    const act = form.text('act');
    if (act === 'check') return check(context, form);
    if (act === 'written' && visit.create.kind === 'words') {
      visit.create = { kind: 'reentry', phrase: visit.create.phrase, positions: choosePositions(random) };
    } else if (act === 'again' && visit.create.kind === 'reentry') {
      visit.create = { kind: 'words', phrase: visit.create.phrase };
    } else if (visit.create.kind === 'start') {
      return start(context, form);
    }
    return { kind: 'view' };
  },
};
