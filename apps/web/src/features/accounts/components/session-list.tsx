import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Button } from '../../../components/button.tsx';
import { ErrorState } from '../../../components/error-state.tsx';
import { ListSkeleton } from '../../../components/skeleton.tsx';
import { Badge } from '../../../components/status-badge.tsx';
import { RelativeTime } from '../../../components/text-values.tsx';
import { callApi, endpoints, sessionKeeper } from '../../../lib/api.ts';
import { apiQuery } from '../../../lib/api-query.ts';
import { useT, type Translate } from '../../../lib/i18n/i18n.ts';
import { sessionQuery } from '../../../lib/session.ts';
import { browserName } from '../browser-name.ts';
import './accounts.css';

/** Browsers that are signed in, each with a way to end it. */
export function SessionList() {
  const t = useT();
  const client = useQueryClient();
  const options = apiQuery(endpoints.accounts.sessions);
  const query = useQuery(options);
  const end = useMutation({
    mutationFn: (id: string) => callApi(endpoints.accounts.endSession, { params: { id } }),
    onSuccess: () => client.invalidateQueries({ queryKey: options.queryKey }),
  });
  const everywhere = useMutation({
    mutationFn: () => callApi(endpoints.accounts.signOutEverywhere),
    onSuccess: () => {
      sessionKeeper.ended();
      client.setQueryData(sessionQuery.queryKey, (known) => known && { ...known, user: null });
    },
  });
  if (query.isPending) return <ListSkeleton rows={2} />;
  if (query.isError) return <ErrorState error={query.error} onRetry={query.refetch} />;
  return (
    <div className="stack">
      <ul className="account-list">
        {query.data.items.map((session) => (
          <li key={session.id} className="account-row">
            <div className="grow">
              <div title={session.userAgent}>{nameOf(t, session.userAgent)}</div>
              <div className="small faint">
                {t('accounts.sessions.lastUsed')} <RelativeTime iso={session.lastUsedAt} />
              </div>
            </div>
            {session.current ? (
              <Badge>{t('accounts.sessions.current')}</Badge>
            ) : (
              <Button size="small" busy={end.isPending && end.variables === session.id} onClick={() => end.mutate(session.id)}>
                {t('accounts.sessions.end')}
              </Button>
            )}
          </li>
        ))}
      </ul>
      {(end.error ?? everywhere.error) !== null && <ErrorState error={end.error ?? everywhere.error} />}
      <div>
        <Button variant="danger" busy={everywhere.isPending} onClick={() => everywhere.mutate()}>
          {t('accounts.sessions.everywhere')}
        </Button>
      </div>
    </div>
  );
}

function nameOf(t: Translate, userAgent: string): string {
  const { browser, system } = browserName(userAgent);
  if (browser !== null && system !== null) return t('accounts.sessions.browserOn', { browser, system });
  return browser ?? system ?? (userAgent === '' ? t('accounts.sessions.unknown') : userAgent);
}
