import { useState } from 'react';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Link, useLocation, useNavigate, useSearchParams } from 'react-router';
import { Button, LinkButton } from '../../components/button.tsx';
import { EmptyState } from '../../components/empty-state.tsx';
import { ErrorState } from '../../components/error-state.tsx';
import { Notice } from '../../components/notice.tsx';
import { PageHeader } from '../../components/page-header.tsx';
import { paths } from '../../config/paths.ts';
import {
  ForgotPasswordForm,
  ResetPasswordForm,
  SetupForm,
  SignInForm,
  SignUpForm,
} from '../../features/accounts/components/account-forms.tsx';
import { callApi, endpoints } from '../../lib/api.ts';
import { useT } from '../../lib/i18n/i18n.ts';
import { ownAddress } from '../../lib/own-address.ts';
import { sessionQuery, useSession } from '../../lib/session.ts';

/** Where to go after signing in: where the link says, as far as that is within this page; home when it is not. */
function useNext(): { next: string; go: () => void } {
  const [search] = useSearchParams();
  const navigate = useNavigate();
  const given = search.get('next');
  const next = given === null ? paths.contribute.to() : (ownAddress(given) ?? paths.home.to());
  return { next, go: () => void navigate(next, { replace: true }) };
}

/** The token of a one-time link, from behind the #; links that were mailed by an older version have it in the query. */
function useLinkToken(): string {
  const { hash, search } = useLocation();
  const tokenIn = (text: string) => new URLSearchParams(text.slice(1)).get('token');
  return tokenIn(hash) ?? tokenIn(search) ?? '';
}

/** Tells a person who was writing that their draft is kept. */
function BeforeSigningIn({ next }: { next: string }) {
  const t = useT();
  return new URLSearchParams(next.split('?')[1]).has('draft') ? (
    <div className="account-note">
      <Notice title={t('accounts.page.draftKept')}>{t('accounts.page.draftKeptText')}</Notice>
    </div>
  ) : null;
}

function SignedInAlready({ name, next }: { name: string; next: string }) {
  const t = useT();
  return (
    <EmptyState
      heading="h1"
      title={t('accounts.page.already.title', { name })}
      action={
        <LinkButton variant="primary" to={next}>
          {t('accounts.page.already.go')}
        </LinkButton>
      }
    >
      {t('accounts.page.already.text')}
    </EmptyState>
  );
}

/** Somebody was signed in before the page was opened; who signs in on it is led on by its form. */
function useAlready(): string | null {
  const { user, loading } = useSession();
  const [already, setAlready] = useState<string | null | undefined>(undefined);
  if (!loading && already === undefined) setAlready(user?.displayName ?? null);
  return already ?? null;
}

export function SignInPage() {
  const t = useT();
  const { next, go } = useNext();
  const already = useAlready();
  if (already !== null) return <SignedInAlready name={already} next={next} />;
  return (
    <>
      <PageHeader title={t('accounts.page.sign-in.title')} />
      <BeforeSigningIn next={next} />
      <SignInForm onDone={go} />
      <div className="account-more">
        <Link to={paths.signUp.to({ next })}>{t('accounts.page.sign-in.join')}</Link>
        <Link to={paths.forgotPassword.to()}>{t('accounts.page.sign-in.forgot')}</Link>
      </div>
    </>
  );
}

export function SignUpPage() {
  const t = useT();
  const { next, go } = useNext();
  const already = useAlready();
  if (already !== null) return <SignedInAlready name={already} next={next} />;
  return (
    <>
      <PageHeader title={t('accounts.page.sign-up.title')} standfirst={t('accounts.page.sign-up.standfirst')} />
      <BeforeSigningIn next={next} />
      <SignUpForm onDone={go} />
      <div className="account-more">
        <Link to={paths.signIn.to({ next })}>{t('accounts.page.sign-up.have')}</Link>
      </div>
    </>
  );
}

export function SetupPage() {
  const t = useT();
  const navigate = useNavigate();
  const token = useLinkToken();
  return (
    <>
      <PageHeader title={t('accounts.page.setup.title')} standfirst={t('accounts.page.setup.standfirst')} />
      <SetupForm token={token} onDone={() => void navigate(paths.admin.to(), { replace: true })} />
    </>
  );
}

export function ForgotPasswordPage() {
  const t = useT();
  const [delivery, setDelivery] = useState<'email' | 'admin' | null>(null);
  return (
    <>
      <PageHeader title={t('accounts.page.forgot.title')} standfirst={t('accounts.page.forgot.standfirst')} />
      {delivery === null ? (
        <ForgotPasswordForm onDone={setDelivery} />
      ) : (
        <Notice tone="positive" live title={t('accounts.page.forgot.asked')}>
          {t(delivery === 'email' ? 'accounts.page.forgot.byEmail' : 'accounts.page.forgot.byAdmin')}
        </Notice>
      )}
    </>
  );
}

export function ResetPasswordPage() {
  const t = useT();
  const token = useLinkToken();
  const { go } = useNext();
  return (
    <>
      <PageHeader title={t('accounts.page.reset.title')} standfirst={t('accounts.page.reset.standfirst')} />
      <ResetPasswordForm token={token} onDone={go} />
    </>
  );
}

export function ConfirmEmailPage() {
  const t = useT();
  const client = useQueryClient();
  const token = useLinkToken();
  const confirm = useMutation({
    mutationFn: () => callApi(endpoints.accounts.confirmEmail, { body: { token } }),
    onSuccess: () => client.invalidateQueries({ queryKey: sessionQuery.queryKey }),
  });
  return (
    <>
      <PageHeader title={t('accounts.page.confirm.title')} />
      {confirm.isSuccess ? (
        <Notice tone="positive" live>
          {t('accounts.page.confirm.done', { email: confirm.data.email })}
        </Notice>
      ) : (
        <EmptyState
          title={t('accounts.page.confirm.ask')}
          action={
            <Button variant="primary" busy={confirm.isPending} onClick={() => confirm.mutate()}>
              {t('accounts.page.confirm.submit')}
            </Button>
          }
        />
      )}
      {confirm.isError && <ErrorState error={confirm.error} />}
    </>
  );
}
