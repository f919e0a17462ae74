import { useState, type FormEvent } from 'react';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { limits, type Dataset, type Publishing, type PublishingPlan } from '@granary/contract';
import { Button } from '../../../components/button.tsx';
import { RadioGroup } from '../../../components/choice.tsx';
import { Disclosure } from '../../../components/disclosure.tsx';
import { ErrorState } from '../../../components/error-state.tsx';
import { Field, Input, Select, TextArea } from '../../../components/field.tsx';
import { toast } from '../../../components/toast.tsx';
import { callApi, endpoints } from '../../../lib/api.ts';
import { apiQueryKey } from '../../../lib/api-query.ts';
import { useT } from '../../../lib/i18n/i18n.ts';
import { useLocale } from '../../../lib/i18n/locale.ts';
import { PlanState } from './plan-state.tsx';
import { hasWrongDays, SelectionFields } from './selection-fields.tsx';
import './publish.css';

const hours = Array.from({ length: 24 }, (_, hour) => hour);
const weekdays = [1, 2, 3, 4, 5, 6, 7];
const dayMs = 86_400_000;

/** When a dataset publishes by itself, and what; says what came of it. */
export function PlanForm({ dataset, publishing }: { dataset: Dataset; publishing: Publishing }) {
  const t = useT();
  const client = useQueryClient();
  const [plan, setPlan] = useState<PublishingPlan>(publishing);
  const save = useMutation({
    mutationFn: () => {
      const { mode, weekday, hour, approvals, selection, notes } = plan;
      const body = { mode, weekday, hour, approvals, selection, notes };
      return callApi(endpoints.publishing.setPlan, { params: { slug: dataset.slug }, body });
    },
    onSuccess: async () => {
      toast({ tone: 'positive', text: t('publish.plan.saved') });
      await client.invalidateQueries({ queryKey: apiQueryKey(endpoints.publishing.plan) });
    },
  });
  const change = (changes: Partial<PublishingPlan>) => {
    save.reset();
    setPlan((before) => ({ ...before, ...changes }));
  };
  function submit(event: FormEvent): void {
    event.preventDefault();
    save.mutate();
  }
  return (
    <form className="stack gap-5" noValidate onSubmit={submit}>
      <PlanState publishing={publishing} slug={dataset.slug} />
      <RadioGroup
        legend={t('publish.plan.mode')}
        value={plan.mode}
        onChange={(mode) => change({ mode })}
        options={(['manual', 'weekly', 'approvals'] as const).map((value) => ({
          value,
          label: t(`publish.plan.mode.${value}`),
          hint: t(`publish.plan.modeHint.${value}`),
        }))}
      />
      {plan.mode !== 'manual' && (
        <>
          <Times plan={plan} onChange={change} />
          <Disclosure summary={t('publish.selection')}>
            <div className="stack gap-5">
              <SelectionFields
                dataset={dataset}
                selection={plan.selection}
                onChange={(changes) => change({ selection: { ...plan.selection, ...changes } })}
              />
            </div>
          </Disclosure>
          <Field
            label={t('publish.notes')}
            hint={t('publish.plan.notesHint')}
            optional
            counter={{ length: plan.notes.length, max: limits.noteMax }}
          >
            <TextArea rows={2} maxLength={limits.noteMax} value={plan.notes} onChange={(event) => change({ notes: event.target.value })} />
          </Field>
        </>
      )}
      {save.isError && <ErrorState error={save.error} />}
      <div>
        <Button variant="primary" type="submit" busy={save.isPending} disabled={hasWrongDays(plan.selection)}>
          {t('publish.plan.save')}
        </Button>
      </div>
    </form>
  );
}

function Times({ plan, onChange }: { plan: PublishingPlan; onChange: (changes: Partial<PublishingPlan>) => void }) {
  const t = useT();
  const locale = useLocale();
  // The fifth of January 1970 was a Monday.
  const nameOf = (weekday: number) =>
    new Intl.DateTimeFormat(locale, { weekday: 'long', timeZone: 'UTC' }).format(new Date((weekday + 3) * dayMs));
  if (plan.mode === 'approvals') {
    return (
      <div className="publish-days">
        <Field label={t('publish.plan.approvals')} hint={t('publish.plan.approvalsHint')}>
          <Input
            type="number"
            min={1}
            max={1_000_000}
            value={plan.approvals}
            onChange={(event) => onChange({ approvals: Math.min(1_000_000, Math.max(1, Math.round(event.target.valueAsNumber || 1))) })}
          />
        </Field>
      </div>
    );
  }
  return (
    <div className="publish-days">
      <Field label={t('publish.plan.weekday')}>
        <Select value={plan.weekday} onChange={(event) => onChange({ weekday: Number(event.target.value) })}>
          {weekdays.map((weekday) => (
            <option key={weekday} value={weekday}>
              {nameOf(weekday)}
            </option>
          ))}
        </Select>
      </Field>
      <Field label={t('publish.plan.hour')} hint={t('publish.plan.hourHint')}>
        <Select value={plan.hour} onChange={(event) => onChange({ hour: Number(event.target.value) })}>
          {hours.map((hour) => (
            <option key={hour} value={hour}>
              {`${String(hour).padStart(2, '0')}:00`}
            </option>
          ))}
        </Select>
      </Field>
    </div>
  );
}
