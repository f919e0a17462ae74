import { PageHeader } from '../../components/page-header.tsx';
import { Section } from '../../components/section.tsx';
import { SessionList } from '../../features/accounts/components/session-list.tsx';
import { EmailForm, PasswordForm, ProfileForm } from '../../features/accounts/components/settings-forms.tsx';
import { TokenList } from '../../features/accounts/components/token-list.tsx';
import { useT } from '../../lib/i18n/i18n.ts';
import { useSession } from '../../lib/session.ts';

/** Everything about one's own account. */
export default function AccountPage() {
  const t = useT();
  const { user } = useSession();
  if (user === null) return null;
  return (
    <>
      <PageHeader title={t('app.account.settings')} standfirst={t(`accounts.page.role.${user.role}`)} />
      <Section title={t('app.account.profile')}>
        <ProfileForm user={user} />
      </Section>
      <Section title={t('app.account.email')}>
        <EmailForm user={user} />
      </Section>
      <Section title={t('app.account.password')}>
        <PasswordForm />
      </Section>
      <Section title={t('app.account.sessions')}>
        <SessionList />
      </Section>
      <Section title={t('app.account.tokens')}>
        <TokenList />
      </Section>
    </>
  );
}
