/** Sends a coin with dapp-kit's signAndExecute; the node's wallet answers with a proposal to confirm. */
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Coin } from '../../../../src-shared/domain/amounts.ts';
import { parseDecimal, suiCoin } from '../../../../src-shared/domain/amounts.ts';
import { addressSchema } from '../../../../src-shared/domain/ids.ts';
import { toAppError } from '../../../../src-shared/errors.ts';
import { Button } from '../../../components/button.tsx';
import { IdText } from '../../../components/copy.tsx';
import { Field, Select } from '../../../components/field.tsx';
import { ErrorNotice, Notice } from '../../../components/notice.tsx';
import { amountSentence, baseUnitsText } from '../../../format/amount.ts';
import { buildTransfer } from './transfer.ts';
import type { Kit } from './kit.ts';

type CoinChoice = 'sui' | 'network';
type Send = { amount: bigint; to: string; choice: CoinChoice };

function useSend(kit: Kit, owner: string, coin: Coin) {
  return useMutation({
    mutationFn: async ({ amount, to, choice }: Send) => {
      const coins =
        choice === 'sui' ? null : (await kit.getClient().core.listCoins({ owner, coinType: coin.type })).objects;
      return kit.signAndExecuteTransaction({ transaction: buildTransfer({ amount, to, coins, symbol: coin.symbol }) });
    },
  });
}

/** Coin, amount and address, checked while typing; `fixedTo` is where it must go, null for an address to type. */
export function SendForm({
  kit,
  owner,
  coin,
  fixedTo,
}: {
  kit: Kit;
  owner: string;
  coin: Coin;
  fixedTo: string | null;
}) {
  const { t } = useTranslation();
  const [choice, setChoice] = useState<CoinChoice>('network');
  const [amountText, setAmountText] = useState('');
  const [typedTo, setTo] = useState('');
  const to = fixedTo ?? typedTo;
  const send = useSend(kit, owner, coin);
  const chosen = choice === 'sui' ? suiCoin : coin;
  const amount = parseDecimal(amountText, chosen.decimals);
  const amountGood = amount !== null && amount > 0n;
  const toGood = addressSchema.safeParse(to).success;
  const digest = send.data?.Transaction?.digest;
  return (
    <form
      className="stack-list"
      onSubmit={(event) => {
        event.preventDefault();
        if (amountGood && toGood) send.mutate({ amount, to, choice });
      }}
    >
      <div className="two">
        <Select
          label={t('wallet.coin')}
          value={choice}
          onChange={setChoice}
          options={[
            ['network', coin.symbol],
            ['sui', suiCoin.symbol],
          ]}
        />
        <Field
          label={t('wallet.amount')}
          inputMode="decimal"
          value={amountText}
          onChange={(event) => setAmountText(event.target.value)}
          error={amountText === '' || amountGood ? null : t('wallet.badAmount', { decimals: chosen.decimals })}
          hint={
            amountGood
              ? t('wallet.amountHint', { amount: amountSentence(amount, chosen), units: baseUnitsText(amount) })
              : undefined
          }
        />
      </div>
      {fixedTo === null ? (
        <Field
          label={t('wallet.to')}
          value={to}
          onChange={(event) => setTo(event.target.value.trim())}
          error={to === '' || toGood ? null : t('settings.badAddress')}
        />
      ) : (
        <p className="hint">{t('wallet.browser.topUpHint')}</p>
      )}
      {send.error !== null && <ErrorNotice error={toAppError(send.error)} />}
      {send.data !== undefined && (
        <Notice
          tone={digest === undefined ? 'danger' : 'executing'}
          role="status"
          title={t(digest === undefined ? 'proposal.outcome.failed' : 'proposal.outcome.success')}
        >
          {digest !== undefined && <IdText id={digest} name={t('proposal.digest')} />}
        </Notice>
      )}
      <div className="actions">
        <Button type="submit" look="primary" busy={send.isPending} disabled={!amountGood || !toGood}>
          {t('wallet.preview')}
        </Button>
      </div>
    </form>
  );
}
