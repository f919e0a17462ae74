import { useEffect, useRef, useState } from 'react';
import { useQuery } from '@tanstack/react-query';
import { Search, X } from 'lucide-react';
import { entryStatuses, languageNames, limits, type DatasetSummary } from '@granary/contract';
import { Button } from '../../../components/button.tsx';
import { Disclosure } from '../../../components/disclosure.tsx';
import { Field, Input, Select } from '../../../components/field.tsx';
import { Kbd } from '../../../components/kbd.tsx';
import { endpoints } from '../../../lib/api.ts';
import { apiQuery } from '../../../lib/api-query.ts';
import { useT } from '../../../lib/i18n/i18n.ts';
import { useSession } from '../../../lib/session.ts';
import { useShortcuts } from '../../../lib/shortcuts.ts';
import { useCategoryTitles } from '../use-category-titles.ts';
import type { usePairFilters } from '../use-pair-filters.ts';
import './pairs.css';

const settleMs = 300;
type Props = ReturnType<typeof usePairFilters>;

/** Search and filters; each is written into the address as soon as it is chosen, the words when they have settled. */
export function PairFilters(props: Props) {
  const t = useT();
  const { filters, set, clear, active } = props;
  const datasets = useQuery(apiQuery(endpoints.datasets.list)).data?.items ?? [];
  const besidesWords = active - (filters.q === undefined ? 0 : 1);
  // Afterwards it is the reader who opens and closes it.
  const [openAtFirst] = useState(besidesWords > 0);
  return (
    <search className="pair-filters" aria-label={t('pairs.filter.label')}>
      <SearchWords value={filters.q ?? ''} onChange={(value) => set('q', value)} />
      <Disclosure summary={t('pairs.filter.more', { n: besidesWords })} open={openAtFirst}>
        <div className="pair-filter-grid">
          {datasets.length > 1 && (
            <Field label={t('pairs.filter.dataset')}>
              <Select value={filters.dataset ?? ''} onChange={(event) => set('dataset', event.target.value)}>
                <option value="">{t('pairs.filter.any')}</option>
                {datasets.map(({ slug, title }) => (
                  <option key={slug} value={slug}>
                    {title}
                  </option>
                ))}
              </Select>
            </Field>
          )}
          <CategoryFilter {...props} datasets={datasets} />
          <LanguageFilter {...props} datasets={datasets} />
          <StatusFilter {...props} />
          <Field label={t('pairs.filter.from')}>
            <Input type="date" value={filters.from ?? ''} max={filters.to} onChange={(event) => set('from', event.target.value)} />
          </Field>
          <Field label={t('pairs.filter.to')}>
            <Input type="date" value={filters.to ?? ''} min={filters.from} onChange={(event) => set('to', event.target.value)} />
          </Field>
        </div>
      </Disclosure>
      <div className="cluster gap-2">
        {filters.author !== undefined && <AuthorFilter id={filters.author} onRemove={() => set('author', '')} />}
        {active > 0 && (
          <Button size="small" variant="quiet" icon={<X aria-hidden />} onClick={clear}>
            {t('pairs.filter.clear')}
          </Button>
        )}
      </div>
    </search>
  );
}

function SearchWords({ value, onChange }: { value: string; onChange: (value: string) => void }) {
  const t = useT();
  const input = useRef<HTMLInputElement>(null);
  const [typed, setTyped] = useState(value);
  const sent = useRef(value);
  // The address may change by itself: the way back, or "clear".
  useEffect(() => {
    if (value === sent.current) return;
    sent.current = value;
    setTyped(value);
  }, [value]);
  useEffect(() => {
    if (typed.trim() === sent.current) return;
    const timer = setTimeout(() => {
      sent.current = typed.trim();
      onChange(sent.current);
    }, settleMs);
    return () => clearTimeout(timer);
  }, [typed, onChange]);
  useShortcuts([{ keys: '/', label: t('pairs.search.focus'), run: () => input.current?.focus() }]);
  return (
    <div className="pair-search">
      <Search aria-hidden />
      <Input
        ref={input}
        type="search"
        aria-label={t('pairs.search.label')}
        placeholder={t('pairs.search.placeholder')}
        maxLength={limits.searchMax}
        value={typed}
        onChange={(event) => setTyped(event.target.value)}
      />
      <span className="not-on-phone">
        <Kbd keys="/" />
      </span>
    </div>
  );
}

function CategoryFilter({ filters, set, datasets }: Props & { datasets: readonly DatasetSummary[] }) {
  const t = useT();
  const chosen = datasets.map(({ slug }) => slug).filter((slug) => filters.dataset === undefined || filters.dataset === slug);
  const { titleOf, slugs } = useCategoryTitles(chosen);
  const titleOfAny = (category: string) => chosen.map((slug) => titleOf(slug, category)).find((title) => title !== category) ?? category;
  // While the names are on their way the chosen one must not vanish from the control.
  const offered = filters.category === undefined || slugs.includes(filters.category) ? slugs : [...slugs, filters.category];
  return (
    <Field label={t('pairs.filter.category')}>
      <Select value={filters.category ?? ''} onChange={(event) => set('category', event.target.value)}>
        <option value="">{t('pairs.filter.any')}</option>
        {offered.map((slug) => (
          <option key={slug} value={slug}>
            {titleOfAny(slug)}
          </option>
        ))}
      </Select>
    </Field>
  );
}

function LanguageFilter({ filters, set, datasets }: Props & { datasets: readonly DatasetSummary[] }) {
  const t = useT();
  const languages = new Set([...datasets.flatMap((dataset) => dataset.languages), ...(filters.language ? [filters.language] : [])]);
  return (
    <Field label={t('pairs.filter.language')}>
      <Select value={filters.language ?? ''} onChange={(event) => set('language', event.target.value)}>
        <option value="">{t('pairs.filter.any')}</option>
        {[...languages].sort().map((language) => (
          <option key={language} value={language}>
            {languageNames[language as keyof typeof languageNames] ?? language}
          </option>
        ))}
      </Select>
    </Field>
  );
}

/** Unapproved pairs are for reviewers, and one's own. */
function StatusFilter({ filters, set }: Props) {
  const t = useT();
  const { user, atLeast } = useSession();
  if (!atLeast('reviewer') && !(user !== null && filters.author === user.id)) return null;
  return (
    <Field label={t('pairs.filter.status')}>
      <Select value={filters.status ?? 'approved'} onChange={(event) => set('status', event.target.value)}>
        {entryStatuses.map((status) => (
          <option key={status} value={status}>
            {t(`vocabulary.status.${status}`)}
          </option>
        ))}
      </Select>
    </Field>
  );
}

function AuthorFilter({ id, onRemove }: { id: string; onRemove: () => void }) {
  const t = useT();
  const { data } = useQuery(apiQuery(endpoints.contributors.get, { params: { id } }));
  return (
    <Button size="small" icon={<X aria-hidden />} onClick={onRemove}>
      {t('pairs.filter.author', { name: data?.displayName ?? '…' })}
    </Button>
  );
}
