import { useQuery, useQueryClient } from '@tanstack/react-query';
import { attributions, languageNames, limits, type Attribution, type Me } from '@granary/contract';
import { useState } from 'react';
import { Button } from '../../../components/button.tsx';
import { Checkbox, RadioGroup } from '../../../components/choice.tsx';
import { Field, Input } from '../../../components/field.tsx';
import { toast } from '../../../components/toast.tsx';
import { callApi, endpoints } from '../../../lib/api.ts';
import { apiQuery } from '../../../lib/api-query.ts';
import { useT } from '../../../lib/i18n/i18n.ts';
import { sessionQuery } from '../../../lib/session.ts';
import { useForm } from '../use-form.ts';
import { FormError } from './form-error.tsx';
import './accounts.css';

const contract = () => import('@granary/contract');
const loadProfile = async () => (await contract()).endpoints.accounts.updateMe.body.pick({ displayName: true });
const loadPassword = async () => (await contract()).endpoints.accounts.changePassword.body;
const loadEmail = async () => (await contract()).endpoints.accounts.changeEmail.body;

/** Display name, the languages one reads and writes, and how snapshots name one. */
export function ProfileForm({ user }: { user: Me }) {
  const t = useT();
  const client = useQueryClient();
  const [languages, setLanguages] = useState<readonly string[]>(user.languages);
  const [attribution, setAttribution] = useState<Attribution>(user.attribution);
  const form = useForm({ displayName: user.displayName }, loadProfile, async (values) => {
    await callApi(endpoints.accounts.updateMe, { body: { ...values, languages: [...languages], attribution } });
    await client.invalidateQueries({ queryKey: sessionQuery.queryKey });
    toast({ tone: 'positive', text: t('accounts.profile.saved') });
  });
  return (
    <form className="account-form stack gap-5" noValidate onSubmit={(event) => void form.submit(event)}>
      <Field label={t('accounts.displayName')} hint={t('accounts.displayNameHint')} error={form.errorOf('displayName')}>
        <Input autoComplete="nickname" maxLength={limits.displayNameMax} {...form.input('displayName')} />
      </Field>
      <fieldset className="field">
        <legend className="field-label">{t('accounts.profile.languages')}</legend>
        <div className="language-choices">
          {Object.entries(languageNames).map(([code, name]) => (
            <Checkbox
              key={code}
              label={<span lang={code}>{name}</span>}
              checked={languages.includes(code)}
              onChange={(event) =>
                setLanguages((before) => (event.target.checked ? [...before, code] : before.filter((each) => each !== code)))
              }
            />
          ))}
        </div>
      </fieldset>
      <RadioGroup
        legend={t('accounts.attribution')}
        hint={t('accounts.attributionHint')}
        value={attribution}
        onChange={setAttribution}
        options={attributions.map((value) => ({
          value,
          label: t(`accounts.attribution.${value}`, { name: user.displayName }),
        }))}
      />
      {form.error !== null && <FormError error={form.error} />}
      <div>
        <Button type="submit" busy={form.busy}>
          {t('accounts.profile.submit')}
        </Button>
      </div>
    </form>
  );
}

/** Changes the password; on request the access tokens, which it names, end with the old one. */
export function PasswordForm() {
  const t = useT();
  const client = useQueryClient();
  const tokens = apiQuery(endpoints.accounts.accessTokens);
  const names = useQuery(tokens).data?.items.map(({ name }) => name) ?? [];
  const [endAccessTokens, setEndAccessTokens] = useState(false);
  const form = useForm({ currentPassword: '', newPassword: '' }, loadPassword, async (values) => {
    await callApi(endpoints.accounts.changePassword, { body: { ...values, endAccessTokens } });
    form.reset();
    setEndAccessTokens(false);
    await client.invalidateQueries({ queryKey: tokens.queryKey });
    toast({ tone: 'positive', text: t(endAccessTokens ? 'accounts.passwordChangedAndTokens' : 'accounts.passwordChanged') });
  });
  return (
    <form className="account-form stack gap-5" noValidate onSubmit={(event) => void form.submit(event)}>
      <Field label={t('accounts.currentPassword')} error={form.errorOf('currentPassword')}>
        <Input type="password" autoComplete="current-password" {...form.input('currentPassword')} />
      </Field>
      <Field
        label={t('accounts.newPassword')}
        hint={t('accounts.passwordHint', { n: limits.passwordMin })}
        error={form.errorOf('newPassword')}
      >
        <Input type="password" autoComplete="new-password" {...form.input('newPassword')} />
      </Field>
      {names.length > 0 && (
        <Checkbox
          label={t('accounts.endAccessTokens', { n: names.length, names: names.join(', ') })}
          checked={endAccessTokens}
          onChange={(event) => setEndAccessTokens(event.target.checked)}
        />
      )}
      {form.error !== null && <FormError error={form.error} />}
      <div>
        <Button type="submit" busy={form.busy}>
          {t('accounts.changePassword')}
        </Button>
      </div>
    </form>
  );
}

export function EmailForm({ user }: { user: Me }) {
  const t = useT();
  const client = useQueryClient();
  const form = useForm({ newEmail: '', password: '' }, loadEmail, async (values) => {
    const { status } = await callApi(endpoints.accounts.changeEmail, { body: values });
    await client.invalidateQueries({ queryKey: sessionQuery.queryKey });
    form.reset();
    toast({ tone: 'positive', text: t(status === 'changed' ? 'accounts.emailChanged' : 'accounts.emailSent') });
  });
  return (
    <form className="account-form stack gap-5" noValidate onSubmit={(event) => void form.submit(event)}>
      <p className="soft">{t('accounts.emailNow', { email: user.email })}</p>
      <Field label={t('accounts.newEmail')} error={form.errorOf('newEmail')}>
        <Input type="email" autoComplete="email" {...form.input('newEmail')} />
      </Field>
      <Field label={t('accounts.currentPassword')} error={form.errorOf('password')}>
        <Input type="password" autoComplete="current-password" {...form.input('password')} />
      </Field>
      {form.error !== null && <FormError error={form.error} />}
      <div>
        <Button type="submit" busy={form.busy}>
          {t('accounts.changeEmail')}
        </Button>
      </div>
    </form>
  );
}
