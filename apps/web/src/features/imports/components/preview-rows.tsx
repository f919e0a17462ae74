import { languageNames, type Dataset, type ImportPreview } from '@granary/contract';
import { EmptyState } from '../../../components/empty-state.tsx';
import { Notice } from '../../../components/notice.tsx';
import { useT } from '../../../lib/i18n/i18n.ts';
import './imports.css';

/** The first rows of the file as pairs, or what is wrong with them. */
export function PreviewRows({ preview, dataset }: { preview: ImportPreview; dataset: Dataset }) {
  const t = useT();
  const titleOf = (category: string | null) => dataset.categories.find(({ slug }) => slug === category)?.title ?? category;
  if (preview.rows.length === 0) return <EmptyState heading="h3" title={t('imports.preview.empty')} />;
  return (
    <ol className="import-rows" aria-label={t('imports.preview')}>
      {preview.rows.map((row) => (
        <li key={row.line}>
          <div className="kicker">{t('imports.line', { n: row.line })}</div>
          {row.known !== null && row.known !== 'new' && (
            <p className="small soft">{t(row.known === 'known' ? 'imports.preview.known' : 'imports.preview.changed')}</p>
          )}
          {row.issues.length > 0 && (
            <Notice tone="warning" title={t('imports.preview.bad')}>
              <ul>
                {row.issues.map(({ field, message }) => (
                  <li key={`${field ?? ''}${message}`}>
                    {field !== null && <code>{field}</code>} {message}
                  </li>
                ))}
              </ul>
            </Notice>
          )}
          {row.pairs.map((pair, index) => (
            // oxlint-disable-next-line react/no-array-index-key -- a preview is shown whole and never reordered
            <div key={index} className="import-pair">
              <p className="import-instruction" dir="auto">
                {pair.instruction}
              </p>
              {pair.context !== null && (
                <p className="import-context small" dir="auto">
                  {pair.context}
                </p>
              )}
              <p className="import-response" dir="auto">
                {pair.response ?? t('imports.preview.open')}
              </p>
              <p className="small faint">
                {[
                  titleOf(pair.category),
                  languageNames[pair.language as keyof typeof languageNames] ?? pair.language,
                  pair.depth > 0 && t('imports.preview.followUp'),
                ]
                  .filter(Boolean)
                  .join(' · ')}
              </p>
            </div>
          ))}
        </li>
      ))}
    </ol>
  );
}
