import { PageHeader } from '../../components/page-header.tsx';
import { PasswordResets } from '../../features/administration/components/password-resets.tsx';
import { useT } from '../../lib/i18n/i18n.ts';
import { useSession } from '../../lib/session.ts';

/** Requests for a new password that wait for an admin. */
export default function PasswordResetsPage() {
  const t = useT();
  const { mailConfigured } = useSession();
  return (
    <>
      <PageHeader
        title={t('administration.resets.title')}
        standfirst={t(mailConfigured ? 'administration.resets.standfirstMail' : 'administration.resets.standfirst')}
      />
      <PasswordResets />
    </>
  );
}
