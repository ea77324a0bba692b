/** Why am I not earning: each rule with its live value and one fix, grouped Machine, Link, Chain, Market (product.md, "Why idle"; design.md, "Patterns"). */
import { CircleCheck, CircleHelp, CircleX } from 'lucide-react';
import type { LucideIcon } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { Link } from 'wouter';
import { idleGroupSchema, type IdleFix, type IdleGroup, type IdleRule } from '../../../src-shared/bridge/idle.ts';
import type { Coin } from '../../../src-shared/domain/amounts.ts';
import { useTell } from '../../components/announcer.tsx';
import { Button } from '../../components/button.tsx';
import { Card } from '../../components/card.tsx';
import { Notice } from '../../components/notice.tsx';
import { PageHead } from '../../components/page-head.tsx';
import { Read } from '../../components/read.tsx';
import { useAct, useCall } from '../../data/client.tsx';
import { ruleProof, ruleTitle } from './rule-text.ts';
import './why-idle.css';

const marks: Record<IdleRule['status'], readonly [string, LucideIcon]> = {
  ok: ['executing', CircleCheck],
  failed: ['danger', CircleX],
  unknown: ['idle', CircleHelp],
};

function Fix({ fix, name }: { fix: IdleFix; name: string }) {
  const { t } = useTranslation();
  const tell = useTell();
  const resume = useAct('node.resume', ['node.get', 'node.alerts', 'node.whyIdle']);
  if (fix.kind === 'page') {
    return (
      <Link className="button small" href={`/${fix.page}`} aria-label={`${t(`whyIdle.fix.${fix.page}`)}: ${name}`}>
        {t(`whyIdle.fix.${fix.page}`)}
      </Link>
    );
  }
  return (
    <Button
      small
      busy={resume.isPending}
      onClick={() => resume.mutate({}, { onError: (error) => tell(false, error.message) })}
    >
      {t('whyIdle.fix.resume')}
    </Button>
  );
}

function Rule({ rule, coin }: { rule: IdleRule; coin: Coin }) {
  const { t } = useTranslation();
  const [tone, Icon] = marks[rule.status];
  const title = ruleTitle(rule, t);
  return (
    <li className={`idle-rule idle-${tone}`} data-rule={rule.rule} data-status={rule.status}>
      <Icon size={18} role="img" aria-label={t(`whyIdle.status.${rule.status}`)} />
      <div>
        <p className="idle-title">{title}</p>
        <p className="hint break">{ruleProof(rule, coin, t)}</p>
      </div>
      {rule.fix !== null && <Fix fix={rule.fix} name={title} />}
    </li>
  );
}

function Group({ group, rules, coin }: { group: IdleGroup; rules: readonly IdleRule[]; coin: Coin }) {
  const { t } = useTranslation();
  return (
    <Card title={t(`whyIdle.group.${group}`)}>
      {rules.length === 0 ? (
        <p className="hint">{t(`whyIdle.none.${group}`)}</p>
      ) : (
        <ul className="idle-rules">
          {rules.map((rule) => (
            <Rule key={`${rule.rule}-${rule.taskSmallId ?? ''}`} rule={rule} coin={coin} />
          ))}
        </ul>
      )}
    </Card>
  );
}

function Verdict({ rules }: { rules: readonly IdleRule[] }) {
  const { t } = useTranslation();
  const failed = rules.filter((rule) => rule.status === 'failed').length;
  return (
    <Notice
      tone={failed === 0 ? 'executing' : 'danger'}
      role="status"
      title={failed === 0 ? t('whyIdle.clear') : t('whyIdle.blocked', { count: failed })}
    />
  );
}

/** The page. */
export function WhyIdlePage() {
  const { t } = useTranslation();
  const rules = useCall('node.whyIdle', {});
  const coin = useCall('node.get', {}).data?.coin;
  return (
    <>
      <PageHead title={t('whyIdle.title')} intro={t('whyIdle.intro')} />
      <Read query={rules}>
        {(found) =>
          coin === undefined ? null : (
            <>
              <Verdict rules={found} />
              <div className="idle-groups">
                {idleGroupSchema.options.map((group) => (
                  <Group key={group} group={group} rules={found.filter((rule) => rule.group === group)} coin={coin} />
                ))}
              </div>
            </>
          )
        }
      </Read>
    </>
  );
}
