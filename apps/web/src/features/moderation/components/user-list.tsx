import { useEffect, useRef, useState } from 'react';
import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query';
import { Search } from 'lucide-react';
import { Link } from 'react-router';
import { limits, roles, type User } from '@granary/contract';
import { Button } from '../../../components/button.tsx';
import { EmptyState } from '../../../components/empty-state.tsx';
import { ErrorState } from '../../../components/error-state.tsx';
import { Field, Input, Select } from '../../../components/field.tsx';
import { LoadMore } from '../../../components/load-more.tsx';
import { ListSkeleton } from '../../../components/skeleton.tsx';
import { StatusBadge } from '../../../components/status-badge.tsx';
import { Table, type Column } from '../../../components/table.tsx';
import { DateText, NumberText } from '../../../components/text-values.tsx';
import { paths } from '../../../config/paths.ts';
import { endpoints } from '../../../lib/api.ts';
import { apiPages, flatPages } from '../../../lib/api-query.ts';
import { useT, type Translate } from '../../../lib/i18n/i18n.ts';
import { useShortcuts } from '../../../lib/shortcuts.ts';
import { oneOf, useFilters } from '../use-filters.ts';
import './moderation.css';

const statuses = ['active', 'suspended'] as const;
const settleMs = 300;

/** Everybody with an account, newest first; name, role and status narrow it down, and stand in the address. */
export function UserList() {
  const t = useT();
  const { get, set, clear } = useFilters();
  const filters = { q: get('q'), role: oneOf(roles, get('role')), status: oneOf(statuses, get('status')) };
  const query = useInfiniteQuery({ ...apiPages(endpoints.moderation.users, { query: filters }), placeholderData: keepPreviousData });
  const items = flatPages<User>(query.data);
  return (
    <>
      <search className="user-filters" aria-label={t('moderation.users.filter')}>
        <NameSearch value={filters.q ?? ''} onChange={set} />
        <Field label={t('moderation.users.role')}>
          <Select value={filters.role ?? ''} onChange={(event) => set('role', event.target.value)}>
            <option value="">{t('moderation.filter.any')}</option>
            {roles.map((role) => (
              <option key={role} value={role}>
                {t(`moderation.role.${role}`)}
              </option>
            ))}
          </Select>
        </Field>
        <Field label={t('moderation.users.status')}>
          <Select value={filters.status ?? ''} onChange={(event) => set('status', event.target.value)}>
            <option value="">{t('moderation.filter.any')}</option>
            {statuses.map((status) => (
              <option key={status} value={status}>
                {t(`moderation.userStatus.${status}`)}
              </option>
            ))}
          </Select>
        </Field>
      </search>
      {query.isPending && <ListSkeleton rows={6} />}
      {query.isError && <ErrorState error={query.error} onRetry={query.refetch} />}
      {query.isSuccess && items.length === 0 && (
        <EmptyState title={t('moderation.users.empty')} action={<Button onClick={clear}>{t('moderation.filter.clear')}</Button>}>
          {t('moderation.users.emptyText')}
        </EmptyState>
      )}
      {items.length > 0 && (
        <>
          <Table caption={t('moderation.users.title')} columns={columnsOf(t)} rows={items} rowKey={({ id }) => id} />
          <LoadMore shown={items.length} {...query} />
        </>
      )}
    </>
  );
}

/** Writes into the address when the typing has settled; follows it when it changes by itself. */
function NameSearch({ value, onChange }: { value: string; onChange: (name: string, value: string) => void }) {
  const t = useT();
  const input = useRef<HTMLInputElement>(null);
  const sent = useRef(value);
  const [typed, setTyped] = useState(value);
  useEffect(() => {
    if (value === sent.current) return;
    sent.current = value;
    setTyped(value);
  }, [value]);
  useEffect(() => {
    if (typed.trim() === sent.current) return;
    const timer = setTimeout(() => {
      sent.current = typed.trim();
      onChange('q', sent.current);
    }, settleMs);
    return () => clearTimeout(timer);
  }, [typed, onChange]);
  useShortcuts([{ keys: '/', label: t('moderation.users.focus'), run: () => input.current?.focus() }]);
  return (
    <Field label={t('moderation.users.search')}>
      <div className="user-search">
        <Search aria-hidden />
        <Input ref={input} type="search" maxLength={limits.searchMax} value={typed} onChange={(event) => setTyped(event.target.value)} />
      </div>
    </Field>
  );
}

/** Whether somebody may use the place; only what is out of the ordinary is marked. */
export function UserStatus({ status }: Pick<User, 'status'>) {
  const t = useT();
  const word = t(`moderation.userStatus.${status}`);
  return status === 'active' ? word : <StatusBadge tone="critical">{word}</StatusBadge>;
}

function columnsOf(t: Translate): Column<User>[] {
  const count = (key: 'entries' | 'approved' | 'rejected' | 'reviews' | 'openFlags'): Column<User> => ({
    key,
    header: t(`moderation.count.${key}`),
    align: 'end',
    cell: (user) => <NumberText value={user[key]} />,
  });
  return [
    {
      key: 'name',
      header: t('moderation.users.name'),
      main: true,
      cell: (user) => <Link to={paths.user.to(user.id)}>{user.displayName}</Link>,
    },
    { key: 'role', header: t('moderation.users.role'), cell: (user) => t(`moderation.role.${user.role}`) },
    { key: 'status', header: t('moderation.users.status'), cell: (user) => <UserStatus status={user.status} /> },
    count('entries'),
    count('approved'),
    count('rejected'),
    count('reviews'),
    count('openFlags'),
    { key: 'joined', header: t('moderation.users.joined'), align: 'end', cell: (user) => <DateText iso={user.createdAt} /> },
  ];
}
