/** Shows what main decoded and simulated, and asks for the operator's word (product.md: "Nothing irreversible without a preview"; design.md, irreversible action). */
import type { Preview } from '../../src-shared/bridge/intents.ts';
import { decimalText, suiCoin, type Coin } from '../../src-shared/domain/amounts.ts';
import { html, type Html } from './page-html.ts';
import { fieldText, intentText, pageText, priceText } from './page-text.ts';
import type { SecurePage } from './secure-api.ts';
import { passphraseField, type Page, type PageContext } from './secure-form.ts';

const text = pageText.confirm;

const proposalId = (page: SecurePage): string => (page.kind === 'confirm' ? page.proposalId : '');

const row = (name: string, value: Html | string): Html => html`<dt>${name}</dt><dd>${value}</dd>`;

/** An amount as figure and coin, with its exact base units. Never negative: the words say who pays. */
function amountOf(baseUnits: bigint, coin: Coin): Html {
  const absolute = baseUnits < 0n ? -baseUnits : baseUnits;
  const unit = coin.type === suiCoin.type ? 'MIST' : 'base units';
  return html`<span class="figure">${decimalText(absolute, coin.decimals)} ${coin.symbol}</span> <span class="note">(${text.baseUnits(absolute.toString(), unit)})</span>`;
}

/** Every field of the intent, so that nothing is signed that was not shown. */
function detailsOf({ intent, terms }: Preview): Html[] {
  const named = (name: string): string => {
    if (name === 'price') return priceText(terms.priceUnit);
    return Object.hasOwn(fieldText, name) ? fieldText[name as keyof typeof fieldText] : name;
  };
  return Object.entries(intent)
    .filter(([name]) => name !== 'kind')
    .map(([name, value]) => row(named(name), Array.isArray(value) ? value.join(', ') : String(value)));
}

function costsOf({ changes, gasMist }: Preview): Html {
  const moved = changes.map(({ coin, amount }) => row(amount < 0n ? text.pay : text.receive, amountOf(amount, coin)));
  const gas = gasMist === null ? row(text.gas, text.gasUnknown) : row(gasMist < 0n ? text.gasRefund : text.gas, amountOf(gasMist, suiCoin));
  return html`${moved.length === 0 ? html`<p>${text.noChange}</p>` : null}<dl>${moved}${gas}</dl>`;
}

function actionsOf({ api }: PageContext, preview: Preview): Html {
  const decline = html`<button name="act" value="decline" formnovalidate>${text.decline}</button>`;
  if (!preview.possible) return html`<form method="post"><div class="actions">${decline}</div></form>`;
  const proof = api.grave() === 'passphrase' ? passphraseField('passphrase', pageText.passphrase.label) : null;
  const look = preview.irreversible ? 'danger' : 'primary';
  return html`<form method="post">${proof}
<div class="actions"><button class="${look}" name="act" value="approve">${text.sign}</button>${decline}</div></form>`;
}

/** The page. Without the explicit value `approve` nothing is ever signed. */
export const confirmPage: Page = {
  show(context) {
    const proposal = context.api.proposal(proposalId(context.visit.page));
    if (proposal === null) return null;
    const { preview } = proposal;
    const words = intentText[preview.intent.kind];
    return {
      title: words.title,
      content: html`<h2>${text.what}</h2><p>${words.text}</p><dl>${detailsOf(preview)}</dl>
<h2>${text.cost}</h2>${costsOf(preview)}
${preview.warnings.map((warning) => html`<p class="warning">${warning}</p>`)}
${preview.irreversible ? html`<p class="warning"><strong>${text.irreversible}</strong></p>` : null}
${preview.possible ? null : html`<p class="error">${text.impossible} ${preview.problem?.message ?? ''}</p>`}
${actionsOf(context, preview)}`,
    };
  },
  async act({ api, visit }, form) {
    const id = proposalId(visit.page);
    const act = form.text('act');
    if (act === 'decline') {
      api.decline(id);
      return { kind: 'done', ...text.declined };
    }
    if (act !== 'approve') return { kind: 'again', message: pageText.badForm };
    await api.approve(id, api.grave() === 'passphrase' ? form.text('passphrase') : null);
    return { kind: 'done', ...text.sent };
  },
};
