import { useInfiniteQuery, useMutation } from '@tanstack/react-query';
import type { PasswordResetRequest } from '@granary/contract';
import { Button } from '../../../components/button.tsx';
import { CodeBlock } from '../../../components/code-block.tsx';
import { EmptyState } from '../../../components/empty-state.tsx';
import { ErrorState } from '../../../components/error-state.tsx';
import { LoadMore } from '../../../components/load-more.tsx';
import { ListSkeleton } from '../../../components/skeleton.tsx';
import { DateText, RelativeTime } from '../../../components/text-values.tsx';
import { callApi, endpoints } from '../../../lib/api.ts';
import { apiPages, flatPages } from '../../../lib/api-query.ts';
import { useT } from '../../../lib/i18n/i18n.ts';
import './administration.css';

/** Who asked for a new password, where no mail is sent: the admin makes the link and hands it over. */
export function PasswordResets() {
  const t = useT();
  const query = useInfiniteQuery(apiPages(endpoints.accounts.passwordResetRequests, {}));
  if (query.isPending) return <ListSkeleton rows={2} />;
  if (query.isError) return <ErrorState error={query.error} onRetry={query.refetch} />;
  const requests = flatPages<PasswordResetRequest>(query.data);
  if (requests.length === 0)
    return <EmptyState title={t('administration.resets.empty')}>{t('administration.resets.emptyText')}</EmptyState>;
  return (
    <>
      <ul className="desk">
        {requests.map((request) => (
          <ResetRequest key={request.id} request={request} />
        ))}
      </ul>
      <LoadMore shown={requests.length} {...query} />
    </>
  );
}

function ResetRequest({ request }: { request: PasswordResetRequest }) {
  const t = useT();
  const issue = useMutation({ mutationFn: () => callApi(endpoints.accounts.issuePasswordResetLink, { params: { id: request.id } }) });
  return (
    <li>
      <div>
        <h2 className="desk-title">{request.displayName}</h2>
        <p className="small soft">
          {request.email} · <RelativeTime iso={request.createdAt} />
          {request.linkIssuedAt !== null && issue.data === undefined && (
            <>
              {' · '}
              {t('administration.resets.issued')} <RelativeTime iso={request.linkIssuedAt} />
            </>
          )}
        </p>
      </div>
      <Button size="small" busy={issue.isPending} onClick={() => issue.mutate()}>
        {t(request.linkIssuedAt === null ? 'administration.resets.issue' : 'administration.resets.again')}
      </Button>
      {issue.isError && <ErrorState error={issue.error} />}
      {issue.data !== undefined && (
        <div className="desk-wide stack gap-2" role="status">
          <p className="small">{t('administration.resets.handOver')}</p>
          <CodeBlock label={request.displayName} code={issue.data.url} />
          <p className="small soft">
            {t('administration.resets.until')} <DateText iso={issue.data.expiresAt} withTime />
          </p>
        </div>
      )}
    </li>
  );
}
