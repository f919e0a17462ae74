import type { Snapshot } from '@granary/contract';
import { useState } from 'react';
import { CodeBlock } from '../../../components/code-block.tsx';
import { CodeText } from '../../../components/code-text.tsx';
import { Tabs } from '../../../components/tabs.tsx';
import { useT } from '../../../lib/i18n/i18n.ts';
import { useLocale } from '../../../lib/i18n/locale.ts';
import { loadingLines, tools, type Tool } from '../loading-lines.ts';

const names: Record<Tool, string> = {
  datasets: 'datasets',
  trl: 'TRL',
  axolotl: 'Axolotl',
  llamafactory: 'LLaMA-Factory',
  pandas: 'pandas',
  duckdb: 'DuckDB',
  curl: 'curl',
};

/** The lines that load this snapshot, for whichever tool one has. */
export function SnapshotLoading({ snapshot }: { snapshot: Snapshot }) {
  const t = useT();
  const locale = useLocale();
  const [tool, setTool] = useState<Tool>('datasets');
  const lines = loadingLines(location.origin, { slug: snapshot.datasetSlug, number: snapshot.number, files: snapshot.files });
  // The Hub's names of what is there; in a snapshot without comparisons there is no `dpo`.
  const others = new Set(snapshot.files.flatMap(({ format, split }) => (split === null || format === 'dolly' ? [] : [`\`${format}\``])));
  const formats = new Intl.ListFormat(locale, { type: 'conjunction' }).format([...others]);
  const offered = tools.filter((each) => lines[each] !== undefined);
  const chosen = offered.includes(tool) ? tool : offered[0];
  if (chosen === undefined) return <p className="soft">{t('snapshots.load.none')}</p>;
  return (
    <Tabs
      label={t('snapshots.code')}
      value={chosen}
      onChange={setTool}
      tabs={offered.map((each) => ({
        key: each,
        label: names[each],
        panel: (
          <div className="stack gap-2">
            <CodeBlock label={t(`snapshots.load.${each}.label`)} code={lines[each] ?? ''} />
            <p className="small soft measure">
              <CodeText text={t(`snapshots.load.${each}`, { formats })} />
            </p>
          </div>
        ),
      }))}
    />
  );
}
