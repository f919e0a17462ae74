import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from 'react-router';
import { LinkButton } from '../../components/button.tsx';
import { PageHeader } from '../../components/page-header.tsx';
import { Section } from '../../components/section.tsx';
import { PageSkeleton } from '../../components/skeleton.tsx';
import { paths } from '../../config/paths.ts';
import { EventList } from '../../features/moderation/components/event-list.tsx';
import { UserActs, UserFacts } from '../../features/moderation/components/user-overview.tsx';
import { UserReliability } from '../../features/reliability/components/reliability-table.tsx';
import { endpoints } from '../../lib/api.ts';
import { apiQuery } from '../../lib/api-query.ts';
import { useT } from '../../lib/i18n/i18n.ts';
import { PageError } from './page-error.tsx';

/** One user as moderators see them: the facts, what can be done, and all they did and had done to them. */
export default function UserPage() {
  const t = useT();
  const { id = '' } = useParams();
  const query = useQuery(apiQuery(endpoints.moderation.user, { params: { id } }));
  if (query.isPending) return <PageSkeleton />;
  if (query.isError) return <PageError error={query.error} onRetry={query.refetch} />;
  const user = query.data;
  return (
    <>
      <PageHeader
        title={user.displayName}
        kicker={<Link to={paths.users.to()}>{t('moderation.users.title')}</Link>}
        actions={<LinkButton to={paths.contributor.to(user.id)}>{t('moderation.user.public')}</LinkButton>}
      />
      <div className="user-page">
        <div className="stack gap-5">
          <UserFacts user={user} />
          <UserActs user={user} />
          <Section title={t('reliability.user.title')}>
            <UserReliability userId={user.id} />
          </Section>
        </div>
        <Section
          title={t('moderation.log.title')}
          actions={<Link to={paths.eventLog.to({ userId: user.id })}>{t('moderation.log.narrow')}</Link>}
        >
          <EventList filters={{ user: user.id }} />
        </Section>
      </div>
    </>
  );
}
