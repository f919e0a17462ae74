import type { ReactNode } from 'react';
import { useQueryClient } from '@tanstack/react-query';
import { limits, type Me } from '@granary/contract';
import { Button } from '../../../components/button.tsx';
import { Field, Input } from '../../../components/field.tsx';
import { callApi, endpoints } from '../../../lib/api.ts';
import { useT } from '../../../lib/i18n/i18n.ts';
import { useLocale } from '../../../lib/i18n/locale.ts';
import { sessionBegan } from '../../../lib/session.ts';
import { useForm } from '../use-form.ts';
import { FormError } from './form-error.tsx';
import './accounts.css';

const contract = () => import('@granary/contract');
const loadSignIn = async () => (await contract()).endpoints.accounts.signIn.body;
const loadSignUp = async () => (await contract()).endpoints.accounts.signUp.body.omit({ languages: true });
const loadSetup = async () => (await contract()).endpoints.accounts.setup.body.omit({ token: true });
const loadNewPassword = async () => (await contract()).endpoints.accounts.completePasswordReset.body.omit({ token: true });
const loadEmail = async () => (await contract()).endpoints.accounts.requestPasswordReset.body;

type Form = ReturnType<typeof useForm<Record<string, string>>>;

function FormFrame({
  form,
  submitLabel,
  children,
}: {
  form: Pick<Form, 'submit' | 'busy' | 'error'>;
  submitLabel: string;
  children: ReactNode;
}) {
  return (
    <form className="account-form stack gap-5" noValidate onSubmit={(event) => void form.submit(event)}>
      {children}
      {form.error !== null && <FormError error={form.error} />}
      <div>
        <Button variant="primary" type="submit" busy={form.busy}>
          {submitLabel}
        </Button>
      </div>
    </form>
  );
}

type FieldForm = { input: (name: never) => ReturnType<Form['input']>; errorOf: (name: never) => string | undefined };
function EmailField({ form, autoComplete = 'username' }: { form: FieldForm; autoComplete?: string }) {
  const t = useT();
  return (
    <Field label={t('accounts.email')} error={form.errorOf('email' as never)}>
      <Input type="email" autoComplete={autoComplete} required {...form.input('email' as never)} />
    </Field>
  );
}
function NameField({ form }: { form: FieldForm }) {
  const t = useT();
  return (
    <Field label={t('accounts.displayName')} hint={t('accounts.displayNameHint')} error={form.errorOf('displayName' as never)}>
      <Input autoComplete="nickname" required maxLength={limits.displayNameMax} {...form.input('displayName' as never)} />
    </Field>
  );
}
function NewPasswordField({ form, name }: { form: FieldForm; name: 'password' | 'newPassword' }) {
  const t = useT();
  return (
    <Field
      label={t(name === 'password' ? 'accounts.password' : 'accounts.newPassword')}
      hint={t('accounts.passwordHint', { n: limits.passwordMin })}
      error={form.errorOf(name as never)}
    >
      <Input type="password" autoComplete="new-password" required {...form.input(name as never)} />
    </Field>
  );
}

type Done = { onDone: (user: Me) => void };

export function SignInForm({ onDone }: Done) {
  const t = useT();
  const client = useQueryClient();
  const form = useForm({ email: '', password: '' }, loadSignIn, async (values) => {
    const user = await callApi(endpoints.accounts.signIn, { body: values });
    await sessionBegan(client, user);
    onDone(user);
  });
  return (
    <FormFrame form={form} submitLabel={t('accounts.signIn.submit')}>
      <EmailField form={form} />
      <Field label={t('accounts.password')} error={form.errorOf('password')}>
        <Input type="password" autoComplete="current-password" required {...form.input('password')} />
      </Field>
    </FormFrame>
  );
}

export function SignUpForm({ onDone }: Done) {
  const t = useT();
  const locale = useLocale();
  const client = useQueryClient();
  const form = useForm({ displayName: '', email: '', password: '' }, loadSignUp, async (values) => {
    const user = await callApi(endpoints.accounts.signUp, { body: { ...values, languages: [locale] } });
    await sessionBegan(client, user);
    onDone(user);
  });
  return (
    <FormFrame form={form} submitLabel={t('accounts.signUp.submit')}>
      <NameField form={form} />
      <EmailField form={form} />
      <NewPasswordField form={form} name="password" />
    </FormFrame>
  );
}

export function SetupForm({ token, onDone }: Done & { token: string }) {
  const t = useT();
  const client = useQueryClient();
  const form = useForm({ displayName: '', email: '', password: '' }, loadSetup, async (values) => {
    const user = await callApi(endpoints.accounts.setup, { body: { token, ...values } });
    await sessionBegan(client, user);
    onDone(user);
  });
  return (
    <FormFrame form={form} submitLabel={t('accounts.setup.submit')}>
      <NameField form={form} />
      <EmailField form={form} />
      <NewPasswordField form={form} name="password" />
    </FormFrame>
  );
}

/** `onDone` learns how the link is delivered. */
export function ForgotPasswordForm({ onDone }: { onDone: (delivery: 'email' | 'admin') => void }) {
  const t = useT();
  const form = useForm({ email: '' }, loadEmail, async (values) => {
    onDone((await callApi(endpoints.accounts.requestPasswordReset, { body: values })).delivery);
  });
  return (
    <FormFrame form={form} submitLabel={t('accounts.forgot.submit')}>
      <EmailField form={form} />
    </FormFrame>
  );
}

export function ResetPasswordForm({ token, onDone }: Done & { token: string }) {
  const t = useT();
  const client = useQueryClient();
  const form = useForm({ newPassword: '' }, loadNewPassword, async (values) => {
    const user = await callApi(endpoints.accounts.completePasswordReset, { body: { token, ...values } });
    await sessionBegan(client, user);
    onDone(user);
  });
  return (
    <FormFrame form={form} submitLabel={t('accounts.reset.submit')}>
      <NewPasswordField form={form} name="newPassword" />
    </FormFrame>
  );
}
