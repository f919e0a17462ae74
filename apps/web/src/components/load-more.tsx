import { useT } from '../lib/i18n/i18n.ts';
import { Button } from './button.tsx';

/** The foot of a list read by cursor. Give it the infinite query's own fields. */
export function LoadMore({
  shown,
  hasNextPage,
  isFetchingNextPage,
  fetchNextPage,
}: {
  shown: number;
  hasNextPage: boolean;
  isFetchingNextPage: boolean;
  fetchNextPage: () => unknown;
}) {
  const t = useT();
  return (
    <div className="load-more">
      {hasNextPage ? (
        <Button busy={isFetchingNextPage} onClick={() => void fetchNextPage()}>
          {t('components.list.more')}
        </Button>
      ) : null}
      <span className="small faint" role="status">
        {hasNextPage ? t('components.list.shown', { n: shown }) : t('components.list.all', { n: shown })}
      </span>
    </div>
  );
}
