import { useSearchParams } from 'react-router';
import { entryStatuses, type EntryStatus } from '@granary/contract';
import { LinkButton } from '../../components/button.tsx';
import { SegmentedControl } from '../../components/choice.tsx';
import { PageHeader } from '../../components/page-header.tsx';
import { paths } from '../../config/paths.ts';
import { ContributionList } from '../../features/entries/components/contribution-list.tsx';
import { useT } from '../../lib/i18n/i18n.ts';
import { useDecisionsSeen } from '../../lib/use-waiting.ts';

/** Everything I handed in, and what became of it. */
export default function MyContributionsPage() {
  const t = useT();
  useDecisionsSeen();
  const [search, setSearch] = useSearchParams();
  const given = search.get('status');
  const status = entryStatuses.find((each) => each === given);
  return (
    <>
      <PageHeader
        title={t('app.account.contributions')}
        actions={<LinkButton to={paths.myDrafts.to()}>{t('app.account.drafts')}</LinkButton>}
      />
      <SegmentedControl<EntryStatus | 'all'>
        legend={t('app.filter.status')}
        hideLegend
        value={status ?? 'all'}
        onChange={(next) => setSearch(next === 'all' ? {} : { status: next }, { replace: true })}
        options={[
          { value: 'all', label: t('app.filter.all') },
          ...entryStatuses.map((value) => ({ value, label: t(`vocabulary.status.${value}`) })),
        ]}
      />
      <ContributionList status={status} />
    </>
  );
}
