import type { ReactNode } from 'react';
import { Download } from 'lucide-react';
import type { Snapshot, SnapshotFile } from '@granary/contract';
import { CopyButton } from '../../../components/code-block.tsx';
import { Disclosure } from '../../../components/disclosure.tsx';
import { formatBytes, formatNumber } from '../../../lib/i18n/format.ts';
import { useT } from '../../../lib/i18n/i18n.ts';
import { useLocale } from '../../../lib/i18n/locale.ts';
import './snapshots.css';

/** What somebody who looks for "the file" means: these come first, in this order. */
const first = ['dolly', 'messages', 'full'];

/** The files with what they must hash to: rows by format, then what tells of them. */
export function SnapshotFiles({ snapshot }: { snapshot: Snapshot }) {
  const t = useT();
  const data = snapshot.files.filter(({ rows }) => rows !== null);
  const formats = [...new Set(data.map(({ format }) => format))].sort((a, b) => rank(a) - rank(b) || (a < b ? -1 : 1));
  const about = snapshot.files.filter(({ rows }) => rows === null);
  return (
    <div className="stack gap-2">
      {formats.map((format, index) => (
        <FileGroup key={format} title={<code>{format}</code>} files={data.filter((file) => file.format === format)} open={index === 0} />
      ))}
      {about.length > 0 && <FileGroup title={t('snapshots.files.about')} files={about} open={formats.length === 0} />}
    </div>
  );
}

const rank = (format: string) => (first.includes(format) ? first.indexOf(format) : first.length);

function FileGroup({ title, files, open }: { title: ReactNode; files: readonly SnapshotFile[]; open: boolean }) {
  const t = useT();
  const locale = useLocale();
  const bytes = files.reduce((sum, file) => sum + file.bytes, 0);
  return (
    <Disclosure
      open={open}
      summary={
        <span className="snapshot-file-group">
          <span>{title}</span>
          <span className="faint numeric">
            {t('snapshots.files.group', { n: files.length })} · {formatBytes(locale, bytes)}
          </span>
        </span>
      }
    >
      <ul className="snapshot-files">
        {files.map((file) => (
          <FileLine key={file.name} file={file} />
        ))}
      </ul>
    </Disclosure>
  );
}

function FileLine({ file }: { file: SnapshotFile }) {
  const t = useT();
  const locale = useLocale();
  const kind = fileKind(file);
  return (
    <li>
      <div className="snapshot-file-head">
        <a className="snapshot-file-name" href={file.url} download>
          <Download aria-hidden />
          {file.name}
        </a>
        <span className="small faint numeric">
          {formatBytes(locale, file.bytes)}
          {file.rows !== null && ` · ${t('snapshots.rows', { n: file.rows, rows: formatNumber(locale, file.rows) })}`}
        </span>
      </div>
      {kind !== null && <p className="small soft">{t(`snapshots.file.${kind}`)}</p>}
      <div className="snapshot-checksum">
        <code>{file.sha256}</code>
        <CopyButton text={file.sha256} label={t('snapshots.copyChecksum')} />
      </div>
    </li>
  );
}

const kinds = {
  'README.md': 'card',
  'manifest.json': 'manifest',
  'croissant.json': 'croissant',
  'ATTRIBUTION.md': 'attribution',
  'ATTRIBUTION.csv': 'attribution',
  'CITATION.cff': 'citation',
  'retracted.jsonl': 'retracted',
} as const;

/** What can be said of a file beside its name; rows by split say it themselves. */
function fileKind({ name, rows, split }: SnapshotFile) {
  if (name === 'changes.jsonl.gz') return 'delta' as const;
  if (rows !== null) return split === null ? ('whole' as const) : null;
  if (name in kinds) return kinds[name as keyof typeof kinds];
  if (name.endsWith('.svg')) return 'plot' as const;
  return 'other' as const;
}
