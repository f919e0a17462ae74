import type { Publishing } from '@granary/contract';
import { Link } from 'react-router';
import { DescriptionList } from '../../../components/description-list.tsx';
import { DateText, NumberText } from '../../../components/text-values.tsx';
import { paths } from '../../../config/paths.ts';
import { useT } from '../../../lib/i18n/i18n.ts';

/** What the plan that is set is about to do, and what came of it the last time. */
export function PlanState({ publishing, slug }: { publishing: Publishing; slug: string }) {
  const t = useT();
  const { mode, setBy, nextAt, last, approvals, approvalsSince } = publishing;
  if (setBy === null) return null;
  return (
    <DescriptionList
      items={[
        { term: t('publish.plan.setBy'), value: setBy.displayName },
        ...(mode === 'weekly' && nextAt !== null ? [{ term: t('publish.plan.next'), value: <DateText iso={nextAt} withTime /> }] : []),
        ...(mode === 'approvals'
          ? [
              {
                term: t('publish.plan.since'),
                value: (
                  <>
                    <NumberText value={approvalsSince} /> / <NumberText value={approvals} />
                  </>
                ),
              },
            ]
          : []),
        ...(last === null
          ? []
          : [
              {
                term: t('publish.plan.last'),
                value: (
                  <>
                    <DateText iso={last.at} withTime />: {t(`publish.plan.outcome.${last.outcome}`)}{' '}
                    {last.number !== null && (
                      <Link to={paths.snapshot.to(slug, last.number)}>{t('publish.snapshot', { number: last.number })}</Link>
                    )}
                  </>
                ),
              },
            ]),
      ]}
    />
  );
}
