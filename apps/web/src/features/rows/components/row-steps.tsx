import { useMemo } from 'react';
import { ChevronLeft, ChevronRight } from 'lucide-react';
import { useNavigate } from 'react-router';
import { Button } from '../../../components/button.tsx';
import { paths } from '../../../config/paths.ts';
import { useT } from '../../../lib/i18n/i18n.ts';
import { useShortcuts } from '../../../lib/shortcuts.ts';
import { rowQueryOf } from '../use-row-filters.ts';
import { useRowPages } from '../use-row-pages.ts';
import './rows.css';

type Props = {
  slug: string;
  number: number;
  id: string;
  /** The list that the row was opened from, as its address says it. */ address: string;
};

/** To the row before and the row after in the list that this one was opened from. */
export function RowSteps({ slug, number, id, address }: Props) {
  const t = useT();
  const navigate = useNavigate();
  const query = useMemo(() => rowQueryOf(new URLSearchParams(address)), [address]);
  const { rows, hasNextPage, isFetchingNextPage, fetchNextPage } = useRowPages(slug, number, query);
  const at = rows.findIndex((row) => row.id === id);
  const go = (to: string) => void navigate(paths.row.to(slug, number, to), { replace: true, state: { rows: address } });
  const before = rows[at - 1];
  async function next(): Promise<void> {
    const after = rows[at + 1] ?? (await fetchNextPage()).data?.pages.at(-1)?.items[0];
    if (after) go(after.id);
  }
  const hasNext = at >= 0 && (at + 1 < rows.length || hasNextPage) && !isFetchingNextPage;
  const hasBefore = at > 0 && before !== undefined;
  const back = () => before && go(before.id);
  useShortcuts([
    { keys: 'j', label: t('rows.step.next'), run: () => void next(), enabled: hasNext },
    { keys: 'k', label: t('rows.step.previous'), run: back, enabled: hasBefore },
  ]);
  if (at < 0) return null;
  return (
    <nav className="row-steps" aria-label={t('rows.step.label')}>
      <Button keys="k" icon={<ChevronLeft className="turns" aria-hidden />} disabled={!hasBefore} onClick={back}>
        {t('rows.step.previous')}
      </Button>
      <Button keys="j" icon={<ChevronRight className="turns" aria-hidden />} disabled={!hasNext} onClick={() => void next()}>
        {t('rows.step.next')}
      </Button>
    </nav>
  );
}
