/** Imports, restores, unlocks and backs up keys on pages of the host's own (product.md, Set-up step 2 and Settings; coordinator.md 1). */
import { html } from './page-html.ts';
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

/** Rebuilds the keys from the phrase, with the node-key backup where there is one. */
export const restorePage: Page = {
  show: ({ api }) => ({
    title: words.restore.title,
    content: html`<p>${words.restore.intro}</p>
<form method="post" enctype="multipart/form-data">${secretArea('phrase', words.restore.phrase)}
<label for="node-keys">${words.restore.file}</label><input id="node-keys" name="node-keys" type="file">
${passphraseField('node-keys-passphrase', words.restore.filePassphrase, { autocomplete: 'off', required: false })}
${sealingFields(api, false)}
<div class="actions"><button class="primary">${words.restore.act}</button></div></form>`,
  }),
  async act({ api }, form) {
    const passphrase = readSealingPassphrase(api, form);
    if (passphrase === false) return passphrasesDiffer;
    const nodeKeys = await form.file('node-keys');
    const nodeKeysPassphrase = nodeKeys === null ? null : form.text('node-keys-passphrase');
    await api.restore({ phrase: form.text('phrase').trim(), nodeKeys, nodeKeysPassphrase, passphrase });
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
