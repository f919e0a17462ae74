import { leastAgreeingWithFloor, qualificationNeeds, type AdaptivePolicy, type FixedPolicy, type ReviewPolicy } from '@granary/contract';
import { defaultAdaptivePolicy } from '@granary/domain';
import { RadioGroup, Switch } from '../../../components/choice.tsx';
import { Field, Input } from '../../../components/field.tsx';
import { useT } from '../../../lib/i18n/i18n.ts';
import type { FieldsProps } from './settings-fields.tsx';
import './editor.css';

const kinds = ['adaptive', 'fixed'] as const;
const defaultFixedPolicy: FixedPolicy = { kind: 'fixed', approvals: 2, rejections: 2, changeRequests: 2, maxReviews: 5, openReview: true };

/** When reviews decide: weighed by how reliable each reviewer has proved, or counted. */
export function PolicyFields({ values, errors, onChange }: FieldsProps) {
  const t = useT();
  // A policy from before there was a floor has none, and keeps none until an admin says otherwise.
  const policy: ReviewPolicy = { floor: 'none', ...values.policy };
  const change = (next: ReviewPolicy) => onChange({ policy: next });
  return (
    <>
      <RadioGroup
        legend={t('editor.policy.kind')}
        value={policy.kind}
        onChange={(kind) => change({ ...(kind === 'fixed' ? defaultFixedPolicy : defaultAdaptivePolicy), ...whateverKind(policy) })}
        options={kinds.map((value) => ({ value, label: t(`editor.policy.kind.${value}`), hint: t(`editor.policy.kindHint.${value}`) }))}
      />
      {policy.kind === 'fixed' ? (
        <FixedFields policy={policy} errors={errors} onChange={change} />
      ) : (
        <AdaptiveFields policy={policy} errors={errors} onChange={change} />
      )}
      <Switch
        label={t('editor.policy.openReview')}
        hint={t('editor.policy.openReviewHint')}
        checked={policy.openReview}
        onChange={(event) => change({ ...policy, openReview: event.target.checked })}
      />
      <FloorField policy={policy} onChange={change} />
      <CalibrationFields policy={policy} errors={errors} onChange={change} />
    </>
  );
}

/** What both kinds of policy have. */
function whateverKind({ openReview, calibrationRate, qualification, floor }: ReviewPolicy) {
  return {
    openReview,
    ...(floor === undefined ? {} : { floor }),
    ...(calibrationRate === undefined ? {} : { calibrationRate }),
    ...(qualification === undefined ? {} : { qualification }),
  };
}

/** Who has to be among those who agree, and what it costs to want nobody. */
function FloorField({ policy, onChange }: Omit<KindProps<ReviewPolicy>, 'errors'>) {
  const t = useT();
  const floored = policy.floor === 'proven_pair';
  return (
    <>
      <Switch
        label={t('editor.policy.floor')}
        hint={t('editor.policy.floorHint')}
        checked={floored}
        onChange={(event) => onChange(event.target.checked ? withFloor(policy) : { ...policy, floor: 'none' })}
      />
      {!floored && <p className="small measure">{t('editor.policy.floorCost')}</p>}
    </>
  );
}

/** Numbers that the floor rules out become the least that it allows. */
function withFloor(policy: ReviewPolicy): ReviewPolicy {
  const floor = 'proven_pair' as const;
  if (policy.kind === 'adaptive') return { ...policy, floor };
  const raised = Object.fromEntries(
    counts.filter((name) => name !== 'maxReviews').map((name) => [name, Math.max(leastAgreeingWithFloor, policy[name])]),
  );
  return { ...policy, ...raised, floor };
}

const usualQualification = { items: 5, needed: 4 };
const muchCalibration = 0.2;

/** How reviewers are shown texts whose right verdict is known. */
function CalibrationFields({ policy, errors, onChange }: KindProps<ReviewPolicy>) {
  const t = useT();
  const { calibrationRate = 0, qualification } = policy;
  return (
    <>
      <div className="editor-numbers">
        <Field
          label={t('editor.policy.calibrationRate')}
          hint={calibrationRate > muchCalibration ? t('editor.policy.calibrationMuch') : undefined}
          error={errors['policy.calibrationRate']}
        >
          <NumberInput
            min={0}
            max={50}
            value={Math.round(calibrationRate * 100)}
            onChange={(percent) => onChange({ ...policy, calibrationRate: percent / 100 })}
          />
        </Field>
      </div>
      <p className="small soft measure">{t('editor.policy.calibrationHint')}</p>
      <Switch
        label={t('editor.policy.qualification')}
        hint={t('editor.policy.qualificationHint')}
        checked={qualification !== undefined}
        onChange={(event) => {
          const { qualification: _, ...rest } = policy;
          onChange(event.target.checked ? { ...rest, qualification: usualQualification } : rest);
        }}
      />
      {qualification !== undefined && (
        <div className="editor-numbers">
          {(['items', 'needed'] as const).map((name) => (
            <Field
              key={name}
              label={t(name === 'items' ? 'editor.policy.qualificationItems' : 'editor.policy.qualificationNeeded')}
              error={errors[`policy.qualification.${name}`]}
            >
              <NumberInput
                min={name === 'items' ? qualificationNeeds.leastItems : 1}
                max={20}
                value={qualification[name]}
                onChange={(value) => onChange({ ...policy, qualification: { ...qualification, [name]: value } })}
              />
            </Field>
          ))}
        </div>
      )}
    </>
  );
}

type KindProps<P> = { policy: P; errors: Record<string, string>; onChange: (policy: P) => void };

const counts = ['approvals', 'rejections', 'changeRequests', 'maxReviews'] as const;

function FixedFields({ policy, errors, onChange }: KindProps<FixedPolicy>) {
  const t = useT();
  return (
    <div className="editor-numbers">
      {counts.map((name) => (
        <Field key={name} label={t(`editor.policy.${name}`)} error={errors[`policy.${name}`]}>
          <NumberInput
            min={policy.floor === 'proven_pair' ? leastAgreeingWithFloor : 1}
            max={name === 'maxReviews' ? 25 : 9}
            value={policy[name]}
            onChange={(value) => onChange({ ...policy, [name]: value })}
          />
        </Field>
      ))}
    </div>
  );
}

const shares = ['approveAt', 'rejectAt', 'changesAt', 'expectedApproval'] as const;
const reviews = ['minReviews', 'maxReviews'] as const;

function AdaptiveFields({ policy, errors, onChange }: KindProps<AdaptivePolicy>) {
  const t = useT();
  return (
    <>
      <div className="editor-numbers">
        {shares.map((name) => (
          <Field key={name} label={t(`editor.policy.${name}`)} error={errors[`policy.${name}`]}>
            <NumberInput
              min={name === 'expectedApproval' ? 5 : 60}
              max={name === 'expectedApproval' ? 95 : 99.9}
              step={0.1}
              value={Math.round(policy[name] * 1_000) / 10}
              onChange={(percent) => onChange({ ...policy, [name]: Math.round(percent * 10) / 1_000 })}
            />
          </Field>
        ))}
        {reviews.map((name) => (
          <Field
            key={name}
            label={t(name === 'minReviews' ? 'editor.policy.minReviews' : 'editor.policy.mostReviews')}
            error={errors[`policy.${name}`]}
          >
            <NumberInput
              min={2}
              max={name === 'minReviews' ? 9 : 25}
              value={policy[name]}
              onChange={(value) => onChange({ ...policy, [name]: value })}
            />
          </Field>
        ))}
      </div>
      <p className="small soft measure">{t('editor.policy.adaptiveHint')}</p>
    </>
  );
}

type NumberProps = { min: number; max: number; step?: number; value: number; onChange: (value: number) => void };

/** An emptied field is no number: it shows nothing, and the rules say what is missing. */
function NumberInput({ value, onChange, ...rest }: NumberProps) {
  return (
    <Input {...rest} type="number" value={Number.isNaN(value) ? '' : value} onChange={(event) => onChange(event.target.valueAsNumber)} />
  );
}
