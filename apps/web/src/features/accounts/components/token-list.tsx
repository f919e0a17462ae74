import { useState } from 'react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { limits, permissions, scopes, type AccessToken, type Scope } from '@granary/contract';
import { roleAtLeast } from '@granary/domain';
import { Button } from '../../../components/button.tsx';
import { Checkbox } from '../../../components/choice.tsx';
import { CodeBlock } from '../../../components/code-block.tsx';
import { useConfirm } from '../../../components/confirm.tsx';
import { ErrorState } from '../../../components/error-state.tsx';
import { Field, Input, Select } from '../../../components/field.tsx';
import { Notice } from '../../../components/notice.tsx';
import { ListSkeleton } from '../../../components/skeleton.tsx';
import { DateText, RelativeTime } from '../../../components/text-values.tsx';
import { callApi, endpoints, isApiError } from '../../../lib/api.ts';
import { apiQuery } from '../../../lib/api-query.ts';
import { useT } from '../../../lib/i18n/i18n.ts';
import { useSession } from '../../../lib/session.ts';
import { FormError } from './form-error.tsx';
import './accounts.css';

const lifetimes = [7, 30, limits.tokenDaysDefault, 180, limits.tokenDaysMax] as const;
const isOver = ({ expiresAt }: AccessToken) => Date.parse(expiresAt) <= Date.now();

/** Personal access tokens: for scripts and the command line. */
export function TokenList() {
  const t = useT();
  const client = useQueryClient();
  const confirm = useConfirm();
  const options = apiQuery(endpoints.accounts.accessTokens);
  const query = useQuery(options);
  const revoke = useMutation({
    mutationFn: (id: string) => callApi(endpoints.accounts.revokeAccessToken, { params: { id } }),
    onSuccess: () => client.invalidateQueries({ queryKey: options.queryKey }),
  });
  async function askAndRevoke(id: string, name: string) {
    if (
      await confirm({
        title: t('accounts.tokens.revokeTitle', { name }),
        body: t('accounts.tokens.revokeText'),
        confirmLabel: t('accounts.tokens.revoke'),
        danger: true,
      })
    )
      revoke.mutate(id);
  }
  if (query.isPending) return <ListSkeleton rows={2} />;
  if (query.isError) return <ErrorState error={query.error} onRetry={query.refetch} />;
  return (
    <div className="stack gap-5">
      {query.data.items.length === 0 ? (
        <p className="soft">{t('accounts.tokens.empty')}</p>
      ) : (
        <ul className="account-list">
          {query.data.items.map((token) => (
            <li key={token.id} className="account-row">
              <div className="grow">
                <div>
                  {token.name} <code>{token.prefix}…</code>
                </div>
                <div className="small faint">
                  {token.scopes.join(', ')} ·{' '}
                  {token.lastUsedAt === null ? (
                    t('accounts.tokens.unused')
                  ) : (
                    <>
                      {t('accounts.tokens.lastUsed')} <RelativeTime iso={token.lastUsedAt} />
                    </>
                  )}{' '}
                  · {t(isOver(token) ? 'accounts.tokens.expired' : 'accounts.tokens.expires')} <DateText iso={token.expiresAt} />
                </div>
                {token.expiryImposed && !isOver(token) && <div className="small">{t('accounts.tokens.expiryImposed')}</div>}
              </div>
              <Button size="small" onClick={() => void askAndRevoke(token.id, token.name)}>
                {t('accounts.tokens.revoke')}
              </Button>
            </li>
          ))}
        </ul>
      )}
      {revoke.error !== null && <ErrorState error={revoke.error} />}
      <NewToken onCreated={() => client.invalidateQueries({ queryKey: options.queryKey })} />
    </div>
  );
}

function NewToken({ onCreated }: { onCreated: () => Promise<void> }) {
  const t = useT();
  const { user } = useSession();
  const [name, setName] = useState('');
  const [chosen, setChosen] = useState<readonly Scope[]>(['read']);
  const [days, setDays] = useState<number>(limits.tokenDaysDefault);
  const [password, setPassword] = useState('');
  const create = useMutation({
    mutationFn: () =>
      callApi(endpoints.accounts.createAccessToken, {
        body: { name, scopes: [...chosen], expiresInDays: days, ...(password === '' ? {} : { password }) },
      }),
    onSuccess: async () => {
      setName('');
      setPassword('');
      await onCreated();
    },
  });
  const offered = scopes.filter((scope) => user !== null && leastRoles(scope).some((role) => roleAtLeast(user.role, role)));
  const errors = isApiError(create.error) ? create.error.fieldErrors : {};
  // Once the server asks for the password the field stays, also while a wrong one is corrected.
  const asksPassword = password !== '' || isApiError(create.error, 'password_required', 'credentials_wrong');
  return (
    <form
      className="account-form stack"
      onSubmit={(event) => {
        event.preventDefault();
        create.mutate();
      }}
    >
      <Field label={t('accounts.tokens.name')} hint={t('accounts.tokens.nameHint')} error={errors.name}>
        <Input value={name} required maxLength={limits.tokenNameMax} onChange={(event) => setName(event.target.value)} />
      </Field>
      <fieldset className="field">
        <legend className="field-label">{t('accounts.tokens.scopes')}</legend>
        {offered.map((scope) => (
          <Checkbox
            key={scope}
            label={t(`accounts.scope.${scope}`)}
            checked={chosen.includes(scope)}
            onChange={(event) =>
              setChosen((before) => (event.target.checked ? [...before, scope] : before.filter((each) => each !== scope)))
            }
          />
        ))}
      </fieldset>
      <Field label={t('accounts.tokens.lifetime')}>
        <Select value={days} onChange={(event) => setDays(Number(event.target.value))}>
          {lifetimes.map((n) => (
            <option key={n} value={n}>
              {t('accounts.tokens.days', { n })}
            </option>
          ))}
        </Select>
      </Field>
      {asksPassword && (
        <Field
          label={t('accounts.currentPassword')}
          hint={t('accounts.tokens.passwordHint')}
          error={isApiError(create.error, 'credentials_wrong') ? t('accounts.passwordWrong') : undefined}
        >
          <Input
            type="password"
            autoComplete="current-password"
            required
            value={password}
            onChange={(event) => setPassword(event.target.value)}
          />
        </Field>
      )}
      {create.error !== null && !isApiError(create.error, 'password_required', 'credentials_wrong') && <FormError error={create.error} />}
      <div>
        <Button type="submit" busy={create.isPending} disabled={chosen.length === 0}>
          {t('accounts.tokens.create')}
        </Button>
      </div>
      {create.data !== undefined && (
        <Notice tone="positive" live title={t('accounts.tokens.created')}>
          <CodeBlock label={create.data.accessToken.name} code={create.data.token} />
        </Notice>
      )}
    </form>
  );
}

/** Roles for which a scope opens anything. */
function leastRoles(scope: Scope) {
  return Object.values(permissions)
    .filter((permission) => permission.scope === scope)
    .map(({ role }) => role);
}
