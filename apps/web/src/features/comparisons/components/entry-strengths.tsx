import { useQuery } from '@tanstack/react-query';
import { Link } from 'react-router';
import type { Entry } from '@granary/contract';
import { Section } from '../../../components/section.tsx';
import { paths } from '../../../config/paths.ts';
import { endpoints } from '../../../lib/api.ts';
import { apiQuery } from '../../../lib/api-query.ts';
import { formatNumber } from '../../../lib/i18n/format.ts';
import { useT } from '../../../lib/i18n/i18n.ts';
import { useLocale } from '../../../lib/i18n/locale.ts';
import './comparisons.css';

const excerptLength = 120;

/** How the responses to one instruction compare, strongest first; nothing while nobody has compared them. */
export function EntryStrengths({ entryId, responses }: { entryId: string; responses: readonly Entry[] }) {
  const t = useT();
  const locale = useLocale();
  const query = useQuery(apiQuery(endpoints.comparisons.strengths, { params: { id: entryId } }));
  const items = query.data?.items ?? [];
  if (items.length === 0) return null;
  const number = (value: number) =>
    formatNumber(locale, value, { minimumFractionDigits: 2, maximumFractionDigits: 2, signDisplay: 'exceptZero' });
  const plain = (value: number) => formatNumber(locale, value, { minimumFractionDigits: 2, maximumFractionDigits: 2 });
  return (
    <Section title={t('comparisons.strengths')}>
      <p className="small soft measure">{t('comparisons.strengthsText')}</p>
      <ol className="strengths">
        {items.map(({ responseId, strength, error, comparisons }) => {
          const response = responses.find(({ id }) => id === responseId);
          const text = response?.revision.text ?? '';
          return (
            <li key={responseId}>
              <p dir="auto" lang={response?.language}>
                {responseId === entryId ? (
                  <strong>{t('comparisons.this')}</strong>
                ) : (
                  <Link to={paths.entry.to(responseId)}>{text.length > excerptLength ? `${text.slice(0, excerptLength)}…` : text}</Link>
                )}
              </p>
              <p className="small soft numeric">
                {t('comparisons.strength', { strength: number(strength), error: plain(error), n: comparisons })}
              </p>
            </li>
          );
        })}
      </ol>
    </Section>
  );
}
