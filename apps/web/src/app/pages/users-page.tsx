import { Link } from 'react-router';
import { PageHeader } from '../../components/page-header.tsx';
import { paths } from '../../config/paths.ts';
import { UserList } from '../../features/moderation/components/user-list.tsx';
import { useT } from '../../lib/i18n/i18n.ts';

/** Everybody with an account, for moderators. */
export default function UsersPage() {
  const t = useT();
  return (
    <>
      <PageHeader title={t('moderation.users.title')} kicker={<Link to={paths.moderate.to()}>{t('moderation.title')}</Link>} />
      <UserList />
    </>
  );
}
