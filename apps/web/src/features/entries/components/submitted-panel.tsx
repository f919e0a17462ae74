import { useEffect, useRef } from 'react';
import { CircleCheck, PenLine } from 'lucide-react';
import type { Dataset } from '@granary/contract';
import { approvalsNeeded } from '@granary/domain';
import { Button, LinkButton } from '../../../components/button.tsx';
import { paths } from '../../../config/paths.ts';
import { useT } from '../../../lib/i18n/i18n.ts';
import { useShortcuts } from '../../../lib/shortcuts.ts';
import type { Submitted } from '../use-submit.ts';
import './contribution-list.css';

/** After handing in: what happens next, and the way to the next one. */
export default function SubmittedPanel({
  submitted,
  dataset,
  edited,
  proposed,
  onAnother,
}: {
  submitted: Submitted;
  dataset: Dataset;
  edited: boolean;
  proposed: boolean;
  onAnother: (() => void) | null;
}) {
  const t = useT();
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus(), []);
  useShortcuts(onAnother === null ? [] : [{ keys: 'n', label: t('entries.submitted.another'), run: onAnother }]);
  return (
    <section className="submitted stack">
      <h2 ref={heading} tabIndex={-1} className="submitted-title">
        <CircleCheck aria-hidden />
        {t(proposed ? 'entries.submitted.proposed' : edited ? 'entries.submitted.edited' : 'entries.submitted.title')}
      </h2>
      <ol className="submitted-steps measure" hidden={proposed}>
        <li>{t('entries.submitted.step1', { n: approvalsNeeded(dataset.policy) })}</li>
        <li>{t('entries.submitted.step2')}</li>
        <li>{t('entries.submitted.step3', { licence: dataset.licence })}</li>
      </ol>
      <div className="cluster">
        {onAnother !== null && (
          <Button variant="primary" icon={<PenLine aria-hidden />} keys="n" onClick={onAnother}>
            {t('entries.submitted.another')}
          </Button>
        )}
        <LinkButton to={paths.entry.to(submitted.entry.id)}>{t('entries.submitted.see')}</LinkButton>
        <LinkButton variant="quiet" to={paths.myContributions.to()}>
          {t('entries.submitted.mine')}
        </LinkButton>
      </div>
    </section>
  );
}
