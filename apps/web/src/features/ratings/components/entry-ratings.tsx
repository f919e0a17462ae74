import { useState } from 'react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Star } from 'lucide-react';
import { Link } from 'react-router';
import type { EntryRatings } from '@granary/contract';
import { Button } from '../../../components/button.tsx';
import { SegmentedControl } from '../../../components/choice.tsx';
import { ErrorState } from '../../../components/error-state.tsx';
import { Section } from '../../../components/section.tsx';
import { Skeleton } from '../../../components/skeleton.tsx';
import { paths } from '../../../config/paths.ts';
import { callApi, endpoints, newIdempotencyKey } from '../../../lib/api.ts';
import { apiQuery, apiQueryKey } from '../../../lib/api-query.ts';
import { formatNumber } from '../../../lib/i18n/format.ts';
import { useT } from '../../../lib/i18n/i18n.ts';
import { useLocale } from '../../../lib/i18n/locale.ts';
import { useSession } from '../../../lib/session.ts';
import './ratings.css';

/** How people rate an approved response, and what one gives oneself: saved as one chooses. */
export function EntryRatingsBlock({ entryId }: { entryId: string }) {
  const t = useT();
  const query = useQuery(apiQuery(endpoints.ratings.get, { params: { id: entryId } }));
  if (query.isError) return null;
  if (query.data !== undefined && query.data.dimensions.length === 0) return null;
  return (
    <Section title={t('ratings.title')}>
      {query.isPending ? <Skeleton lines={2} /> : <Ratings entryId={entryId} told={query.data} />}
    </Section>
  );
}

function Ratings({ entryId, told }: { entryId: string; told: EntryRatings }) {
  const t = useT();
  const locale = useLocale();
  const client = useQueryClient();
  const { user } = useSession();
  const [wanted, setWanted] = useState<Record<string, number> | null>(null);
  const mine = wanted ?? told.mine ?? {};
  const number = (value: number) => formatNumber(locale, value, { minimumFractionDigits: 1, maximumFractionDigits: 1 });
  const save = useMutation({
    mutationFn: (ratings: Record<string, number>) => {
      const params = { id: entryId };
      return Object.keys(ratings).length === 0
        ? callApi(endpoints.ratings.clear, { params })
        : callApi(endpoints.ratings.rate, { params, body: { ratings }, idempotencyKey: newIdempotencyKey() });
    },
    // One after the other: the last choice is the one that stays.
    scope: { id: `rating ${entryId}` },
    onMutate: setWanted,
    onSuccess: (answer) => client.setQueryData(apiQueryKey(endpoints.ratings.get, { params: { id: entryId } }), answer),
    onError: () => setWanted(null),
  });
  return (
    <div className="stack">
      <p className="soft">
        {told.mean === null ? t('ratings.none') : t('ratings.mean', { mean: number(told.mean), scores: told.scores, n: told.raters })}{' '}
        {told.rating !== null && told.mean !== null && number(told.rating) !== number(told.mean) && (
          <span className="small faint">{t('ratings.adjusted', { rating: number(told.rating) })}</span>
        )}
      </p>
      <div className="ratings">
        {told.dimensions.map(({ slug, title, description, mean }) => (
          <div key={slug} className="rating">
            {told.mayRate ? (
              <SegmentedControl
                legend={title}
                hint={description}
                value={mine[slug] ?? null}
                onChange={(score) => save.mutate({ ...mine, [slug]: score })}
                options={[1, 2, 3, 4, 5].map((value) => ({ value, label: String(value) }))}
              />
            ) : (
              <span>{title}</span>
            )}
            {mean !== null && (
              <span className="rating-mean small soft">
                <Star aria-hidden /> <span className="visually-hidden">{t('ratings.others')} </span>
                {number(mean)}
              </span>
            )}
          </div>
        ))}
      </div>
      {told.mayRate && Object.keys(mine).length > 0 && (
        <div>
          <Button size="small" variant="quiet" onClick={() => save.mutate({})}>
            {t('ratings.clear')}
          </Button>
        </div>
      )}
      {user === null && (
        <p className="small">
          <Link to={paths.signIn.to({ next: paths.entry.to(entryId) })}>{t('ratings.signIn')}</Link>
        </p>
      )}
      {save.isError && <ErrorState error={save.error} />}
    </div>
  );
}
