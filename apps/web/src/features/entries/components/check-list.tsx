import { CircleAlert, Info, OctagonX } from 'lucide-react';
import type { Check, CheckSeverity } from '@granary/contract';
import { useT } from '../../../lib/i18n/i18n.ts';

const icons: Record<CheckSeverity, typeof Info> = { info: Info, warn: CircleAlert, block: OctagonX };

/** Findings of the automatic checks, in words, with the passage they are about. */
export function CheckList({ checks }: { checks: readonly Check[] }) {
  const t = useT();
  if (checks.length === 0) return null;
  return (
    <ul className="check-list" aria-label={t('entries.checks.label')}>
      {checks.map((check) => {
        const Icon = icons[check.severity];
        return (
          <li key={`${check.kind}-${check.field}-${check.excerpt ?? ''}`} className={`check check-${check.severity}`}>
            <Icon aria-hidden />
            <span>
              <span className="check-field">{t(`entries.field.${check.field}`)}</span> {t(`entries.check.${check.kind}`)}
              {check.excerpt !== undefined && check.excerpt !== '' && <q className="check-excerpt">{check.excerpt}</q>}
            </span>
          </li>
        );
      })}
    </ul>
  );
}
