/** Reads a secure page's form and draws its fields; everything a page needs that all of them share (design.md; WCAG 2.2 AA: every field has its label). */
import { html, type Html, type PageView } from './page-html.ts';
import { pageText } from './page-text.ts';
import type { SecureApi } from './secure-api.ts';
import type { SecureVisit } from './secure-tokens.ts';

/** What a page may use. `random` is in [0, 1). */
export type PageContext = { api: SecureApi; visit: SecureVisit; random(): number };

/** How an act ended: another view, the same view with a message, the end, or a file. */
export type PageStep =
  | { kind: 'view' }
  | { kind: 'again'; message: string }
  | { kind: 'done'; title: string; text: string }
  | { kind: 'file'; name: string; bytes: Uint8Array };

/** One secure page: drawn from the state of the node and the visit, acted on by its form. `show` gives null when there is nothing to act on. */
export type Page = { show(context: PageContext): PageView | null; act(context: PageContext, form: Form): Promise<PageStep> };

/** The fields of a sent form. */
export type Form = {
  /** A field's text; empty when it is absent. */
  text(name: string): string;
  /** An uploaded file's bytes; null when none was chosen. */
  file(name: string): Promise<Uint8Array | null>;
};

/** Parses a form in either encoding a browser sends; null when it is neither. */
export async function readForm(contentType: string, body: Uint8Array<ArrayBuffer>): Promise<Form | null> {
  const data = await new Response(body, { headers: { 'content-type': contentType } }).formData().catch(() => null);
  if (data === null) return null;
  return {
    text: (name) => {
      const value = data.get(name);
      return typeof value === 'string' ? value : '';
    },
    file: async (name) => {
      const value = data.get(name);
      return value === null || typeof value === 'string' || value.size === 0 ? null : new Uint8Array(await value.arrayBuffer());
    },
  };
}

type FieldOptions = { autofocus?: boolean; autocomplete?: 'new-password' | 'current-password' | 'off'; required?: boolean };

/** A labelled passphrase field. */
export const passphraseField = (name: string, label: string, options: FieldOptions = {}): Html => html`<label for="${name}">${label}</label>
<input id="${name}" name="${name}" type="password" autocomplete="${options.autocomplete ?? 'current-password'}"${flags(options)}>`;

/** A labelled field of one word. */
export const wordField = (name: string, label: string, options: FieldOptions = {}): Html => html`<div><label for="${name}">${label}</label>
<input id="${name}" name="${name}" autocomplete="off" autocapitalize="none" spellcheck="false"${flags(options)}></div>`;

/** A labelled field for a phrase or a secret. */
export const secretArea = (name: string, label: string): Html => html`<label for="${name}">${label}</label>
<textarea id="${name}" name="${name}" autocomplete="off" autocapitalize="none" spellcheck="false" required autofocus></textarea>`;

const flags = ({ autofocus = false, required = true }: FieldOptions): Html => ({
  markup: `${required ? ' required' : ''}${autofocus ? ' autofocus' : ''}`,
});

/** Two fields for a passphrase of the operator's choice. */
export const newPassphraseFields = (label: string, autofocus: boolean): Html =>
  html`${passphraseField('passphrase', label, { autocomplete: 'new-password', autofocus })}
${passphraseField('repeat', pageText.passphrase.repeat, { autocomplete: 'new-password' })}`;

/** The passphrase that new keys are sealed under, where there is no keychain. */
export const sealingFields = (api: SecureApi, autofocus: boolean): Html | null =>
  api.needsNewPassphrase()
    ? html`${newPassphraseFields(pageText.passphrase.newLabel, autofocus)}
<p class="note">${pageText.passphrase.why}</p>`
    : null;

/** Reads {@link newPassphraseFields}: the passphrase, or false when the two differ. */
export const readNewPassphrase = (form: Form): string | false =>
  form.text('passphrase') === form.text('repeat') ? form.text('passphrase') : false;

/** Reads {@link sealingFields}: null where a keychain seals, false when the two differ. */
export const readSealingPassphrase = (api: SecureApi, form: Form): string | null | false =>
  api.needsNewPassphrase() ? readNewPassphrase(form) : null;

/** The answer to two passphrases that differ. */
export const passphrasesDiffer: PageStep = { kind: 'again', message: pageText.passphrase.differ };

/** The ordinary end. */
export const ended: PageStep = { kind: 'done', ...pageText.done };
