import { FileText, LogOut, PenLine, Scale, Settings2, Shield, SlidersHorizontal, UserRound } from 'lucide-react';
import { useLocation, useNavigate } from 'react-router';
import { IconButton, LinkButton } from '../../components/button.tsx';
import { Menu, MenuItem, MenuLink, MenuSeparator } from '../../components/menu.tsx';
import { toast } from '../../components/toast.tsx';
import { describeError } from '../../components/error-state.tsx';
import { paths } from '../../config/paths.ts';
import { useT } from '../../lib/i18n/i18n.ts';
import { useSession, useSignOut } from '../../lib/session.ts';
import { useWaiting } from '../../lib/use-waiting.ts';

export function AccountMenu() {
  const t = useT();
  const { user, loading, can } = useSession();
  const waiting = useWaiting();
  const signOut = useSignOut();
  const navigate = useNavigate();
  if (loading) return <span className="account-pending" />;
  if (user === null) return <SignInLinks />;
  const news = waiting === null ? 0 : waiting.changesRequested + waiting.proposals + waiting.approved + waiting.rejected;
  async function leave(): Promise<void> {
    try {
      await signOut();
      await navigate(paths.home.to());
      toast({ text: t('app.session.signed-out') });
    } catch (error) {
      toast({ tone: 'critical', text: describeError(t, error).title });
    }
  }
  const label =
    news > 0 ? t('app.account.menuWaiting', { name: user.displayName, n: news }) : t('app.account.menu', { name: user.displayName });
  return (
    <Menu label={label} trigger={(props) => <IconButton {...props} label={label} icon={<AccountIcon news={news} />} />}>
      <div className="account-name">{user.displayName}</div>
      <MenuSeparator />
      <MenuLink to={paths.myContributions.to()} icon={<PenLine aria-hidden />}>
        {t('app.account.contributions')}
        {news > 0 && <span className="account-news">{news}</span>}
      </MenuLink>
      <MenuLink to={paths.myDrafts.to()} icon={<FileText aria-hidden />}>
        {t('app.account.drafts')}
      </MenuLink>
      <MenuLink to={paths.myReviews.to()} icon={<Scale aria-hidden />}>
        {t('app.account.reviews')}
      </MenuLink>
      <MenuLink to={paths.account.to()} icon={<SlidersHorizontal aria-hidden />}>
        {t('app.account.settings')}
      </MenuLink>
      {can('moderation:act') && <MenuSeparator />}
      {can('moderation:act') && (
        <MenuLink to={paths.moderate.to()} icon={<Shield aria-hidden />}>
          {t('app.nav.moderate')}
        </MenuLink>
      )}
      {can('accounts:manage') && (
        <MenuLink to={paths.admin.to()} icon={<Settings2 aria-hidden />}>
          {t('app.nav.admin')}
        </MenuLink>
      )}
      <MenuSeparator />
      <MenuItem icon={<LogOut aria-hidden />} onSelect={() => void leave()}>
        {t('app.account.sign-out')}
      </MenuItem>
    </Menu>
  );
}

/** With how much is new for its owner. */
function AccountIcon({ news }: { news: number }) {
  return (
    <span className="account-icon" aria-hidden>
      <UserRound />
      {news > 0 && <span className="account-news">{news > 99 ? '99+' : news}</span>}
    </span>
  );
}

function SignInLinks() {
  const t = useT();
  const { pathname, search } = useLocation();
  const signingIn = pathname === paths.signIn.pattern || pathname === paths.signUp.pattern;
  const next = signingIn || pathname === '/' ? undefined : pathname + search;
  return (
    <>
      <LinkButton size="small" variant="quiet" className="masthead-sign-in" to={paths.signIn.to({ next })}>
        {t('app.account.sign-in')}
      </LinkButton>
      <LinkButton size="small" to={paths.signUp.to({ next })}>
        {t('app.account.sign-up')}
      </LinkButton>
    </>
  );
}
