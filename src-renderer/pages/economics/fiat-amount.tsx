/** A fiat amount, or a dash with the reason why it is not known. */
import { Unknown } from '../../components/amount.tsx';
import { fiatText, isLoss } from '../../format/fiat.ts';

/** `amount` is decimal text; a loss is set in the colour of loss, and has its sign. */
export function Fiat({ amount, currency, reason }: { amount: string | null; currency: string; reason: string }) {
  if (amount === null) return <Unknown reason={reason} />;
  return <span className={isLoss(amount) ? 'nowrap loss' : 'nowrap'}>{fiatText(amount, currency)}</span>;
}
