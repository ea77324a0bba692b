/** Sends coins out of the wallet, an amount or all above a reserve, with a preview and a confirmation outside the window (product.md, Wallet). */
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Intent } from '../../../src-shared/bridge/intents.ts';
import type { FundsView } from '../../../src-shared/bridge/wallet-calls.ts';
import { decimalText, parseDecimal, suiCoin } from '../../../src-shared/domain/amounts.ts';
import { addressSchema } from '../../../src-shared/domain/ids.ts';
import { Button } from '../../components/button.tsx';
import { Card } from '../../components/card.tsx';
import { Field, Segments, Select } from '../../components/field.tsx';
import { ProposalSheet } from '../../components/proposal-flow.tsx';
import { amountSentence, baseUnitsText } from '../../format/amount.ts';
import { sweepAmount } from './sweep.ts';

type Choice = 'sui' | 'network';
type Mode = 'sweep' | 'amount';

/** What the form stands for; `amount` null while it is nothing that can be sent. */
function plan(
  funds: FundsView,
  choice: Choice,
  mode: Mode,
  text: string,
): { coin: typeof suiCoin; typed: bigint | null; amount: bigint | null } {
  const coin = choice === 'sui' ? suiCoin : funds.coin;
  const typed = parseDecimal(text, coin.decimals);
  const balance = choice === 'sui' ? funds.suiMist.value : funds.balance.value;
  if (typed === null || balance === null) return { coin, typed, amount: null };
  if (mode === 'amount') return { coin, typed, amount: typed > 0n ? typed : null };
  return {
    coin,
    typed,
    amount: sweepAmount({ balance, keep: typed, transactionMist: choice === 'sui' ? funds.transactionMist : null }),
  };
}

/** The card. */
export function SendCard({ funds }: { funds: FundsView }) {
  const { t } = useTranslation();
  const [choice, setChoice] = useState<Choice>('network');
  const [mode, setMode] = useState<Mode>('sweep');
  const [typedText, setTypedText] = useState<string | null>(null);
  const [to, setTo] = useState('');
  const [intent, setIntent] = useState<Intent | null>(null);
  const reserve = choice === 'sui' ? decimalText(funds.reserveMist, suiCoin.decimals) : '0';
  const text = typedText ?? (mode === 'sweep' ? reserve : '');
  const { coin, typed, amount } = plan(funds, choice, mode, text);
  const toGood = addressSchema.safeParse(to).success;
  const tooDeep =
    mode === 'sweep' && choice === 'sui' && funds.fees !== null && typed !== null && typed < funds.reserveMist;
  const bad =
    text !== '' && typed === null
      ? t('wallet.badAmount', { decimals: coin.decimals })
      : tooDeep
        ? t('wallet.sweep.tooDeep', { reserve: amountSentence(funds.reserveMist, suiCoin) })
        : null;
  const sends =
    amount === null
      ? mode === 'sweep' && typed !== null
        ? t('wallet.sweep.nothing')
        : undefined
      : t(mode === 'sweep' ? 'wallet.sweep.sends' : 'wallet.amountHint', {
          amount: amountSentence(amount, coin),
          units: baseUnitsText(amount),
        });
  const choose = (set: () => void): void => {
    set();
    setTypedText(null);
  };
  return (
    <Card title={t('wallet.send')} className="send">
      <form
        className="stack-list"
        onSubmit={(event) => {
          event.preventDefault();
          if (amount !== null && toGood && bad === null)
            setIntent({ kind: 'transfer', coin: choice === 'sui' ? 'SUI' : 'network', amount, to });
        }}
      >
        <Segments
          legend={t('wallet.sweep.legend')}
          value={mode}
          onChange={(value) => choose(() => setMode(value))}
          options={[
            ['sweep', t('wallet.sweep.all')],
            ['amount', t('wallet.sweep.some')],
          ]}
        />
        <div className="two">
          <Select
            label={t('wallet.coin')}
            value={choice}
            onChange={(value) => choose(() => setChoice(value))}
            options={[
              ['network', funds.coin.symbol],
              ['sui', suiCoin.symbol],
            ]}
          />
          <Field
            label={t(mode === 'sweep' ? 'wallet.sweep.keep' : 'wallet.amount')}
            inputMode="decimal"
            value={text}
            onChange={(event) => setTypedText(event.target.value)}
            error={bad}
            hint={sends}
          />
        </div>
        <Field
          label={t('wallet.to')}
          value={to}
          onChange={(event) => setTo(event.target.value.trim())}
          error={to === '' || toGood ? null : t('settings.badAddress')}
          hint={t('wallet.sendHint')}
        />
        <div className="actions">
          <Button type="submit" look="primary" disabled={amount === null || !toGood || bad !== null}>
            {t('wallet.preview')}
          </Button>
        </div>
      </form>
      {intent !== null && (
        <ProposalSheet
          title={t('wallet.confirm')}
          source={{ kind: 'intent', intent }}
          onClose={() => setIntent(null)}
        />
      )}
    </Card>
  );
}
