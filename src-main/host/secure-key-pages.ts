/** Imports, restores, unlocks, backs up, rehearses and rotates keys on pages of the host's own (product.md, Set-up step 2 and Settings; coordinator.md 1). */
import { html, type Html } from './page-html.ts';
import { pageText } from './page-text.ts';
import {
  ended,
  newPassphraseFields,
  passphraseField,
  passphrasesDiffer,
  readNewPassphrase,
  readSealingPassphrase,
  sealingFields,
  secretArea,
  type Form,
  type Page,
} from './secure-form.ts';

const words = pageText;

/** Takes an operator key from 24 words or a `suiprivkey…`. */
export const importPage: Page = {
  show: ({ api }) => ({
    title: words.import.title,
    content: html`<p>${words.import.intro}</p>
<form method="post">${secretArea('secret', words.import.secret)}
${sealingFields(api, false)}
<div class="actions"><button class="primary">${words.import.act}</button></div></form>`,
  }),
  async act({ api }, form) {
    const passphrase = readSealingPassphrase(api, form);
    if (passphrase === false) return passphrasesDiffer;
    await api.importKey({ secret: form.text('secret').trim(), passphrase });
    return ended;
  },
};

/** The recovery phrase, and the node-key backup with its passphrase. */
const backupFields = (): Html => html`${secretArea('phrase', words.restore.phrase)}
<label for="node-keys">${words.restore.file}</label><input id="node-keys" name="node-keys" type="file">
${passphraseField('node-keys-passphrase', words.restore.filePassphrase, { autocomplete: 'off', required: false })}`;

async function readBackup(form: Form): Promise<{ phrase: string; nodeKeys: Uint8Array | null; nodeKeysPassphrase: string | null }> {
  const nodeKeys = await form.file('node-keys');
  return { phrase: form.text('phrase').trim(), nodeKeys, nodeKeysPassphrase: nodeKeys === null ? null : form.text('node-keys-passphrase') };
}

/** Rebuilds the keys from the phrase, with the node-key backup where there is one. */
export const restorePage: Page = {
  show: ({ api }) => ({
    title: words.restore.title,
    content: html`<p>${words.restore.intro}</p>
<form method="post" enctype="multipart/form-data">${backupFields()}
${sealingFields(api, false)}
<div class="actions"><button class="primary">${words.restore.act}</button></div></form>`,
  }),
  async act({ api }, form) {
    const passphrase = readSealingPassphrase(api, form);
    if (passphrase === false) return passphrasesDiffer;
    await api.restore({ ...(await readBackup(form)), passphrase });
    return ended;
  },
};

/** Opens the sealed keys: by their passphrase, or by asking the keychain. */
export const unlockPage: Page = {
  show({ api }) {
    const { store } = api.keys();
    return {
      title: words.unlock.title,
      content: html`<p>${words.unlock.intro(store.name)}</p>
<form method="post">${store.kind === 'passphrase' ? passphraseField('passphrase', words.passphrase.label, { autofocus: true }) : null}
<div class="actions"><button class="primary">${words.unlock.act}</button></div></form>`,
    };
  },
  async act({ api }, form) {
    await api.unlock(api.keys().store.kind === 'passphrase' ? form.text('passphrase') : null);
    return ended;
  },
};

/** Saves the node keys as a file under a passphrase of their own. */
export const backupPage: Page = {
  show: () => ({
    title: words.backup.title,
    content: html`<p>${words.backup.intro}</p>
<form method="post">${newPassphraseFields(words.backup.passphrase, true)}
<div class="actions"><button class="primary">${words.backup.act}</button></div></form>`,
  }),
  async act({ api }, form) {
    const passphrase = readNewPassphrase(form);
    if (passphrase === false) return passphrasesDiffer;
    return { kind: 'file', name: words.backup.fileName, bytes: await api.exportNodeKeys(passphrase) };
  },
};

/** Tries the backup as a restore would take it, and changes nothing. */
export const rehearsePage: Page = {
  show: () => ({
    title: words.rehearse.title,
    content: html`<p>${words.rehearse.intro}</p>
<form method="post" enctype="multipart/form-data">${backupFields()}
<div class="actions"><button class="primary">${words.rehearse.act}</button></div></form>`,
  }),
  async act({ api }, form) {
    await api.rehearse(await readBackup(form));
    return { kind: 'done', ...words.rehearse.done };
  },
};

/** Replaces the liveness key, by the passphrase or by asking the keychain. */
export const rotatePage: Page = {
  show({ api }) {
    return {
      title: words.rotate.title,
      content: html`<p>${words.rotate.intro}</p>
<form method="post">${api.keys().store.kind === 'passphrase' ? passphraseField('passphrase', words.passphrase.label, { autofocus: true }) : null}
<div class="actions"><button class="primary">${words.rotate.act}</button></div></form>`,
    };
  },
  async act({ api }, form) {
    await api.rotateLiveness(api.keys().store.kind === 'passphrase' ? form.text('passphrase') : null);
    return { kind: 'done', ...words.rotate.done };
  },
};
