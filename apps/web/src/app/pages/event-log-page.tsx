import { Link, useSearchParams } from 'react-router';
import { LinkButton } from '../../components/button.tsx';
import { PageHeader } from '../../components/page-header.tsx';
import { paths } from '../../config/paths.ts';
import { EventLog } from '../../features/moderation/components/event-log.tsx';
import { useT } from '../../lib/i18n/i18n.ts';

/** The event log, narrowed down by the address. */
export default function EventLogPage() {
  const t = useT();
  const [search] = useSearchParams();
  const entryId = search.get('entryId');
  const userId = search.get('userId');
  return (
    <>
      <PageHeader
        title={t('moderation.log.title')}
        kicker={<Link to={paths.moderate.to()}>{t('moderation.title')}</Link>}
        standfirst={t('moderation.log.standfirst')}
        actions={
          <>
            {entryId && <LinkButton to={paths.entry.to(entryId)}>{t('moderation.log.toEntry')}</LinkButton>}
            {userId && <LinkButton to={paths.user.to(userId)}>{t('moderation.log.toUser')}</LinkButton>}
          </>
        }
      />
      <EventLog />
    </>
  );
}
