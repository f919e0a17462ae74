import { useEffect, useRef, useState } from 'react';
import { Dices, Search, X } from 'lucide-react';
import { limits } from '@granary/contract';
import { Button } from '../../../components/button.tsx';
import { Input } from '../../../components/field.tsx';
import { Kbd } from '../../../components/kbd.tsx';
import { SourceSwitch } from '../../../components/source/source-switch.tsx';
import { useT } from '../../../lib/i18n/i18n.ts';
import { useShortcuts } from '../../../lib/shortcuts.ts';
import type { useRowFilters } from '../use-row-filters.ts';
import './rows.css';

const settleMs = 300;
const seeds = 1_000_000;

/** Words to look for, and the way to a sample. The words go into the address when they have settled. */
export function RowSearch({ q, seed, set, clear, active }: ReturnType<typeof useRowFilters>) {
  const t = useT();
  const input = useRef<HTMLInputElement>(null);
  const [typed, setTyped] = useState(q);
  const sent = useRef(q);
  // The address may change by itself: the way back, or "clear".
  useEffect(() => {
    if (q === sent.current) return;
    sent.current = q;
    setTyped(q);
  }, [q]);
  useEffect(() => {
    if (typed.trim() === sent.current) return;
    const timer = setTimeout(() => {
      sent.current = typed.trim();
      set('q', sent.current);
    }, settleMs);
    return () => clearTimeout(timer);
  }, [typed, set]);
  const draw = () => set('seed', String(Math.floor(Math.random() * seeds)));
  const drawLabel = t(seed === null ? 'rows.sample' : 'rows.sample.another');
  useShortcuts([
    { keys: '/', label: t('rows.search.focus'), run: () => input.current?.focus() },
    { keys: 's', label: drawLabel, run: draw },
  ]);
  return (
    <div className="row-search-line">
      <search className="row-search" aria-label={t('rows.search.label')}>
        <Search aria-hidden />
        <Input
          ref={input}
          type="search"
          aria-label={t('rows.search.label')}
          placeholder={t('rows.search.placeholder')}
          maxLength={limits.searchMax}
          value={typed}
          onChange={(event) => setTyped(event.target.value)}
        />
        <span className="not-on-phone">
          <Kbd keys="/" />
        </span>
      </search>
      <div className="cluster gap-2">
        <Button icon={<Dices aria-hidden />} keys="s" onClick={draw}>
          {drawLabel}
        </Button>
        {seed !== null && (
          <Button variant="quiet" onClick={() => set('seed', '')}>
            {t('rows.sample.leave')}
          </Button>
        )}
        {active > 0 && (
          <Button variant="quiet" icon={<X aria-hidden />} onClick={clear}>
            {t('rows.filter.clear')}
          </Button>
        )}
        <SourceSwitch />
      </div>
    </div>
  );
}
