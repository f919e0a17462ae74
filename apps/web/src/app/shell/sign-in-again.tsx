import { useState, type FormEvent } from 'react';
import { useQueryClient } from '@tanstack/react-query';
import { Button } from '../../components/button.tsx';
import { Dialog } from '../../components/dialog.tsx';
import { ErrorState } from '../../components/error-state.tsx';
import { Field, Input } from '../../components/field.tsx';
import { callApi, endpoints, signInAgain } from '../../lib/api.ts';
import { useStore } from '../../lib/create-store.ts';
import { useT } from '../../lib/i18n/i18n.ts';
import { sessionRenewed, useSession } from '../../lib/session.ts';

const formId = 'sign-in-again';

/** Asks to sign in again over the page as it is; the call that found the session ended then goes on. */
export default function SignInAgain() {
  const t = useT();
  const asked = useStore(signInAgain);
  const [busy, setBusy] = useState(false);
  return (
    <Dialog
      open={asked !== null}
      onClose={() => asked?.answer(false)}
      title={t('app.session.lost.title')}
      actions={
        <>
          <Button variant="quiet" onClick={() => asked?.answer(false)}>
            {t('app.session.lost.decline')}
          </Button>
          <Button variant="primary" type="submit" form={formId} busy={busy}>
            {t('app.account.sign-in')}
          </Button>
        </>
      }
    >
      <SignInForm onBusy={setBusy} onSignedIn={() => asked?.answer(true)} />
    </Dialog>
  );
}

function SignInForm({ onBusy, onSignedIn }: { onBusy: (busy: boolean) => void; onSignedIn: () => void }) {
  const t = useT();
  const client = useQueryClient();
  const { user } = useSession();
  const [email, setEmail] = useState(user?.email ?? '');
  const [password, setPassword] = useState('');
  const [error, setError] = useState<unknown>(null);
  async function submit(event: FormEvent): Promise<void> {
    event.preventDefault();
    onBusy(true);
    try {
      sessionRenewed(client, await callApi(endpoints.accounts.signIn, { body: { email, password } }));
      onSignedIn();
    } catch (failure) {
      setError(failure);
    } finally {
      onBusy(false);
    }
  }
  return (
    <form id={formId} className="stack" onSubmit={(event) => void submit(event)}>
      <p className="soft">{t('app.session.lost.detail')}</p>
      {error !== null && <ErrorState error={error} />}
      <Field label={t('app.session.lost.email')}>
        <Input type="email" autoComplete="username" required value={email} onChange={(event) => setEmail(event.target.value)} />
      </Field>
      <Field label={t('app.session.lost.password')}>
        <Input
          type="password"
          autoComplete="current-password"
          required
          value={password}
          onChange={(event) => setPassword(event.target.value)}
        />
      </Field>
    </form>
  );
}
