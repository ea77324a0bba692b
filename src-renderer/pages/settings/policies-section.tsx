/** The policies, each with a switch or a number (product.md, "Policies"). */
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Policies } from '../../../src-shared/bridge/views.ts';
import { useTell } from '../../components/announcer.tsx';
import { Button } from '../../components/button.tsx';
import { Card } from '../../components/card.tsx';
import { Field, Switch } from '../../components/field.tsx';
import { useAct } from '../../data/client.tsx';
import { countText } from '../../format/amount.ts';
import { policyFields, policyText, readPolicy } from './policy-fields.ts';
import type { PolicyField } from './policy-fields.ts';

const fields = Object.keys(policyFields) as PolicyField[];

/** Switches act at once; numbers are saved together. */
export function PoliciesSection({ policies }: { policies: Policies }) {
  const { t } = useTranslation();
  const tell = useTell();
  const save = useAct('settings.policies', ['settings.get', 'leave.get']);
  const [text, setText] = useState(
    () =>
      Object.fromEntries(fields.map((field) => [field, policyText(policies, field)])) as Record<PolicyField, string>,
  );
  const values = fields.map((field) => [field, readPolicy(field, text[field])] as const);
  const valid = values.every(([, value]) => value !== null);
  const send = (next: Policies): void => {
    // One at a time; a switch that was disabled meanwhile would lose the focus.
    if (save.isPending) return;
    save.mutate(
      { policies: next },
      { onSuccess: () => tell(true, t('settings.saved')), onError: (error) => tell(false, error.message) },
    );
  };
  return (
    <Card title={t('settings.section.policies')}>
      <Switch
        label={t('policy.autoSettle')}
        hint={t('policy.autoSettleHint')}
        checked={policies.autoSettle}
        onChange={(autoSettle) => send({ ...policies, autoSettle })}
      />
      <Switch
        label={t('policy.autoClaim')}
        hint={t('policy.autoClaimHint')}
        checked={policies.autoClaim}
        onChange={(autoClaim) => send({ ...policies, autoClaim })}
      />
      <Switch
        label={t('policy.autoAttest')}
        hint={t('policy.autoAttestHint')}
        checked={policies.autoAttest}
        onChange={(autoAttest) => send({ ...policies, autoAttest })}
      />
      <Switch
        label={t('policy.waitForAttestors')}
        hint={t('policy.waitForAttestorsHint')}
        checked={policies.waitForAttestors}
        onChange={(waitForAttestors) => send({ ...policies, waitForAttestors })}
      />
      <form
        className="stack-list"
        onSubmit={(event) => {
          event.preventDefault();
          if (valid) send({ ...policies, ...(Object.fromEntries(values) as Partial<Policies>) });
        }}
      >
        <div className="two">
          {fields.map((field) => {
            const { min, max } = policyFields[field];
            return (
              <Field
                key={field}
                label={t(`policy.${field}`)}
                inputMode="numeric"
                value={text[field]}
                onChange={(event) => setText({ ...text, [field]: event.target.value })}
                hint={t(`policy.${field}Hint`)}
                error={
                  readPolicy(field, text[field]) === null
                    ? t('network.between', { min: countText(min), max: countText(max) })
                    : null
                }
              />
            );
          })}
        </div>
        <div className="actions">
          <Button type="submit" look="primary" busy={save.isPending} disabled={!valid}>
            {t('act.save')}
          </Button>
        </div>
      </form>
    </Card>
  );
}
