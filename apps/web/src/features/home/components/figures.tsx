import { useQuery } from '@tanstack/react-query';
import type { Stats } from '@granary/contract';
import { NumberText } from '../../../components/text-values.tsx';
import { endpoints } from '../../../lib/api.ts';
import { apiQuery } from '../../../lib/api-query.ts';
import { useT } from '../../../lib/i18n/i18n.ts';
import './home.css';

const shown = ['approved', 'inReview', 'contributors', 'reviewsThisWeek', 'languages', 'snapshots'] as const satisfies (keyof Stats)[];
const refreshMs = 30_000;

/** The deployment in live numbers. They are an ornament of the page: without an answer their places stay empty. */
export function Figures() {
  const t = useT();
  const { data } = useQuery({ ...apiQuery(endpoints.stats.get), refetchInterval: refreshMs });
  return (
    <dl className="figures" aria-label={t('home.figures')}>
      {shown.map((name) => (
        <div key={name}>
          <dt>{t(`home.figure.${name}`, { n: data?.[name] ?? 0 })}</dt>
          <dd>{data === undefined ? <span aria-hidden>–</span> : <NumberText value={data[name]} />}</dd>
        </div>
      ))}
    </dl>
  );
}
