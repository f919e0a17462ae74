import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { Link } from 'react-router';
import type { EventKind, EventRecord } from '@granary/contract';
import { EmptyState } from '../../../components/empty-state.tsx';
import { ErrorState } from '../../../components/error-state.tsx';
import { LoadMore } from '../../../components/load-more.tsx';
import { ListSkeleton } from '../../../components/skeleton.tsx';
import { DateText } from '../../../components/text-values.tsx';
import { paths } from '../../../config/paths.ts';
import { endpoints } from '../../../lib/api.ts';
import { apiPages, apiQuery, flatPages } from '../../../lib/api-query.ts';
import { useT } from '../../../lib/i18n/i18n.ts';
import { detailsOf, fileOf, snapshotOf, whyOf } from '../event-words.ts';
import { groupEvents, type GroupedEvent } from '../group-events.ts';
import { EntryStatus } from '../../../vocabulary/entry-status.tsx';
import { PersonLink } from './person-link.tsx';
import './moderation.css';

export type EventFilters = { entry?: string; user?: string; dataset?: string; kind?: EventKind; from?: string; to?: string };

/** The log, newest first: what happened, when, by whom, to what, and why. */
export function EventList({ filters }: { filters: EventFilters }) {
  const t = useT();
  const query = useInfiniteQuery(apiPages(endpoints.moderation.events, { query: filters }));
  if (query.isPending) return <ListSkeleton rows={6} />;
  if (query.isError) return <ErrorState error={query.error} onRetry={query.refetch} />;
  const items = flatPages<EventRecord>(query.data);
  if (items.length === 0) return <EmptyState title={t('moderation.log.empty')}>{t('moderation.log.emptyText')}</EmptyState>;
  return (
    <>
      <ol className="log">
        {groupEvents(items).map((group) => (
          <EventRow key={group.event.position} {...group} filters={filters} />
        ))}
      </ol>
      <LoadMore shown={items.length} {...query} />
    </>
  );
}

function EventRow({ event, instruction, filters }: GroupedEvent & { filters: EventFilters }) {
  const t = useT();
  const why = whyOf(t, event);
  const details = detailsOf(t, event);
  return (
    <li>
      <div className="log-when small faint">
        <DateText iso={event.at} withTime />
      </div>
      <div className="log-what">
        <p className="log-line">
          <strong>{t(`moderation.event.${event.kind}`)}</strong>
          {details !== null && <span>{details}</span>}
          <EventLinks event={event} instruction={instruction} filters={filters} />
        </p>
        {why !== '' && <blockquote>{why}</blockquote>}
      </div>
    </li>
  );
}

/** By whom and to what; what the log is narrowed down to goes without saying. */
function EventLinks({ event, instruction, filters }: GroupedEvent & { filters: EventFilters }) {
  const t = useT();
  const { actor, user, entryId, entryStatus, datasetSlug } = event;
  const snapshot = snapshotOf(event);
  const file = fileOf(event);
  return (
    <>
      {actor !== null && actor.id !== filters.user && (
        <span>
          {t('moderation.log.by')} <PersonLink person={actor} />
        </span>
      )}
      {user !== null && user.id !== filters.user && (
        <span>
          {t('moderation.log.about')} <PersonLink person={user} />
        </span>
      )}
      {entryId !== null && entryId !== filters.entry && (
        <span className="log-entry">
          <Link to={paths.entry.to(entryId)}>{t('moderation.log.entry')}</Link>
          {entryStatus !== null && (
            <>
              <span>{t('moderation.log.now')}</span> <EntryStatus status={entryStatus} />
            </>
          )}
        </span>
      )}
      {instruction?.entryId && (
        <span>
          <Link to={paths.entry.to(instruction.entryId)}>{t('moderation.log.withInstruction')}</Link>
        </span>
      )}
      {datasetSlug !== null && datasetSlug !== filters.dataset && filters.entry === undefined && <DatasetLink slug={datasetSlug} />}
      {datasetSlug !== null && snapshot !== null && (
        <span>
          <Link to={paths.snapshot.to(datasetSlug, snapshot)}>{t('moderation.log.snapshot', { n: snapshot })}</Link>
        </span>
      )}
      {file !== null && (
        <span>
          <Link to={paths.import.to(file.importId)}>{file.name ?? t('moderation.log.import')}</Link>
        </span>
      )}
    </>
  );
}

function DatasetLink({ slug }: { slug: string }) {
  const { data } = useQuery(apiQuery(endpoints.datasets.list));
  return (
    <span>
      <Link to={paths.dataset.to(slug)}>{data?.items.find((each) => each.slug === slug)?.title ?? slug}</Link>
    </span>
  );
}
