import type { ReactNode } from 'react';
import { useLocation } from 'react-router';
import type { Permission } from '@granary/contract';
import { LinkButton } from '../../components/button.tsx';
import { useDocumentTitle } from '../../components/document-title.ts';
import { EmptyState } from '../../components/empty-state.tsx';
import { ErrorState } from '../../components/error-state.tsx';
import { PageSkeleton } from '../../components/skeleton.tsx';
import { paths } from '../../config/paths.ts';
import { useT } from '../../lib/i18n/i18n.ts';
import { useSession } from '../../lib/session.ts';

/** Shows a page to those who may open it, and to the others the way there. */
export function Guard({ access, children }: { access: Permission; children: ReactNode }) {
  const { user, loading, error, retry, can } = useSession();
  if (user === null && error) return <ErrorState error={error} onRetry={retry} />;
  if (loading) return <PageSkeleton />;
  if (user === null) return <SignInFirst />;
  return can(access) ? children : <Forbidden />;
}

function SignInFirst() {
  const t = useT();
  const { pathname, search } = useLocation();
  const next = pathname + search;
  useDocumentTitle(t('app.guard.sign-in.title'));
  return (
    <EmptyState
      heading="h1"
      title={t('app.guard.sign-in.title')}
      action={
        <>
          <LinkButton variant="primary" to={paths.signIn.to({ next })}>
            {t('app.account.sign-in')}
          </LinkButton>
          <LinkButton to={paths.signUp.to({ next })}>{t('app.account.sign-up')}</LinkButton>
        </>
      }
    >
      {t('app.guard.sign-in.detail')}
    </EmptyState>
  );
}

function Forbidden() {
  const t = useT();
  useDocumentTitle(t('app.guard.forbidden.title'));
  return (
    <EmptyState heading="h1" title={t('app.guard.forbidden.title')}>
      {t('app.guard.forbidden.detail')}
    </EmptyState>
  );
}
