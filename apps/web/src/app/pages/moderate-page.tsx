import { useSearchParams } from 'react-router';
import { LinkButton } from '../../components/button.tsx';
import { PageHeader } from '../../components/page-header.tsx';
import { Tabs } from '../../components/tabs.tsx';
import { paths } from '../../config/paths.ts';
import { AppealedList } from '../../features/moderation/components/appealed-list.tsx';
import { CollusionList } from '../../features/moderation/components/collusion-list.tsx';
import { EscalatedList } from '../../features/moderation/components/escalated-list.tsx';
import { FlaggedList } from '../../features/moderation/components/flagged-list.tsx';
import { useT } from '../../lib/i18n/i18n.ts';

const views = ['flagged', 'escalated', 'appealed', 'collusion'] as const;

/** What waits for a moderator: reports of readers, entries the reviewers cannot agree on, those whose authors appeal, and accounts that seem to help each other. */
export default function ModeratePage() {
  const t = useT();
  const [search, setSearch] = useSearchParams();
  const view = views.find((each) => each === search.get('view')) ?? 'flagged';
  return (
    <>
      <PageHeader
        title={t('moderation.title')}
        standfirst={t('moderation.standfirst')}
        actions={
          <>
            <LinkButton to={paths.calibration.to()}>{t('moderation.calibration')}</LinkButton>
            <LinkButton to={paths.users.to()}>{t('moderation.users.title')}</LinkButton>
            <LinkButton to={paths.eventLog.to()}>{t('moderation.log.title')}</LinkButton>
          </>
        }
      />
      <Tabs
        label={t('moderation.waiting')}
        value={view}
        onChange={(next) => setSearch(next === 'flagged' ? {} : { view: next }, { replace: true })}
        tabs={[
          { key: 'flagged', label: t('moderation.flagged.title'), panel: <FlaggedList /> },
          { key: 'escalated', label: t('moderation.escalated.title'), panel: <EscalatedList /> },
          { key: 'appealed', label: t('moderation.appealed.title'), panel: <AppealedList /> },
          { key: 'collusion', label: t('moderation.collusion.title'), panel: <CollusionList /> },
        ]}
      />
    </>
  );
}
