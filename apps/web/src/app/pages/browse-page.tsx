import { PageHeader } from '../../components/page-header.tsx';
import { SourceSwitch } from '../../components/source/source-switch.tsx';
import { PairFilters } from '../../features/pairs/components/pair-filters.tsx';
import { PairList } from '../../features/pairs/components/pair-list.tsx';
import { PairTotal } from '../../features/pairs/components/pair-total.tsx';
import { usePairFilters } from '../../features/pairs/use-pair-filters.ts';
import { useT } from '../../lib/i18n/i18n.ts';

/** The approved pairs, for everyone; every filter stands in the address. */
export default function BrowsePage() {
  const t = useT();
  const state = usePairFilters();
  return (
    <>
      <PageHeader title={t('pairs.title')} standfirst={t('pairs.standfirst')} actions={<SourceSwitch />} />
      <PairFilters {...state} />
      <PairTotal filters={state.filters} sort={state.sort} onSort={state.setSort} />
      <PairList filters={state.filters} sort={state.sort} />
    </>
  );
}
