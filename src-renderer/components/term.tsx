/** A word of the trade with its definition on hover and focus (design.md, "Words"). */
import { useTranslation } from 'react-i18next';
import type { en } from '../text/en.ts';
import { HoverCard } from './hover-card.tsx';

/** The defined words. */
export type TermName = keyof (typeof en)['term'];

/** The word itself, or `children` in its place, with the definition. */
export function Term({ name, children }: { name: TermName; children?: string }) {
  const { t } = useTranslation();
  return (
    <HoverCard className="term" card={t(`term.${name}.means`)}>
      {children ?? t(`term.${name}.word`)}
    </HoverCard>
  );
}
