import { useQuery } from '@tanstack/react-query';
import { Link } from 'react-router';
import type { DatasetSummary } from '@granary/contract';
import { Markdown } from '../../../components/markdown.tsx';
import { Skeleton } from '../../../components/skeleton.tsx';
import { paths } from '../../../config/paths.ts';
import { endpoints } from '../../../lib/api.ts';
import { apiQuery } from '../../../lib/api-query.ts';
import { useT } from '../../../lib/i18n/i18n.ts';
import './home.css';

/** What a pair looks like: the newest one of the corpus or, before there is any, the good example of a guideline. */
export function Specimen({ dataset }: { dataset: DatasetSummary | undefined }) {
  const t = useT();
  const newest = useQuery(apiQuery(endpoints.pairs.list, { query: { limit: 1 } }));
  const pair = newest.data?.items[0];
  if (newest.isPending) return <Skeleton lines={5} />;
  if (pair !== undefined) {
    return (
      <PairFigure
        title={t('home.specimen.newest')}
        pair={pair}
        lang={pair.language}
        foot={
          <>
            {pair.author !== null && <Link to={paths.contributor.to(pair.author.id)}>{pair.author.displayName}</Link>}
            <Link to={paths.entry.to(pair.id)}>{t('home.specimen.open')}</Link>
          </>
        }
      />
    );
  }
  return dataset === undefined ? null : <ExampleFigure slug={dataset.slug} />;
}

function ExampleFigure({ slug }: { slug: string }) {
  const t = useT();
  const { data } = useQuery(apiQuery(endpoints.datasets.get, { params: { slug } }));
  const category = data?.categories.find(({ goodExample }) => goodExample !== null && goodExample.context === undefined);
  if (!category?.goodExample) return null;
  return (
    <PairFigure
      title={t('home.specimen.example')}
      pair={category.goodExample}
      lang="en"
      foot={<Link to={paths.write.to(slug, { category: category.slug })}>{t('home.specimen.write')}</Link>}
    />
  );
}

type FigureProps = { title: string; pair: { instruction: string; response: string }; lang: string; foot: React.ReactNode };

function PairFigure({ title, pair, lang, foot }: FigureProps) {
  const t = useT();
  return (
    <figure className="specimen">
      <figcaption className="kicker">{title}</figcaption>
      <div>
        <div className="small faint">{t('home.specimen.instruction')}</div>
        <div className="specimen-instruction">
          <Markdown text={pair.instruction} lang={lang} />
        </div>
      </div>
      <div>
        <div className="small faint">{t('home.specimen.response')}</div>
        <div className="specimen-response">
          <Markdown text={pair.response} lang={lang} />
        </div>
      </div>
      <div className="small cluster gap-3">{foot}</div>
    </figure>
  );
}
