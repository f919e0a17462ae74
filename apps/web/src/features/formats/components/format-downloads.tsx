import { Download } from 'lucide-react';
import type { EndpointOutput, Format, endpoints as contract } from '@granary/contract';
import { CodeBlock } from '../../../components/code-block.tsx';
import { Section } from '../../../components/section.tsx';
import { useT } from '../../../lib/i18n/i18n.ts';
import { exportUrl, type ExportQuery } from '../export-url.ts';

type Encoding = EndpointOutput<(typeof contract)['snapshotExports']['formats']>['encodings'][number];
type Props = { slug: string; number: number; query: ExportQuery; format: Format; encodings: readonly Encoding[] };

/** The whole snapshot in the chosen format, filters and options, in every encoding that can hold it. */
export function FormatDownloads({ slug, number, query, format, encodings }: Props) {
  const t = useT();
  const offered = encodings.filter(({ tabular }) => format.tabular || !tabular);
  const usual = offered.find(({ name }) => name === 'jsonl.gz') ?? offered[0];
  return (
    <Section title={t('formats.download')}>
      <p className="soft measure">{t('formats.download.text')}</p>
      <ul className="format-downloads">
        {offered.map(({ name }) => (
          <li key={name}>
            <a className="button button-secondary" href={exportUrl(slug, number, { ...query, encoding: name })} download>
              <Download aria-hidden />
              {name}
            </a>
          </li>
        ))}
      </ul>
      {usual && (
        <CodeBlock label={t('formats.address')} code={`${location.origin}${exportUrl(slug, number, { ...query, encoding: usual.name })}`} />
      )}
    </Section>
  );
}
