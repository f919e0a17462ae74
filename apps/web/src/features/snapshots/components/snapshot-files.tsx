import { Download } from 'lucide-react';
import type { Snapshot } from '@granary/contract';
import { CodeBlock, CopyButton } from '../../../components/code-block.tsx';
import { formatBytes, formatNumber } from '../../../lib/i18n/format.ts';
import { useT } from '../../../lib/i18n/i18n.ts';
import { useLocale } from '../../../lib/i18n/locale.ts';
import './snapshots.css';

const absolute = (url: string) => new URL(url, location.origin).href;

/** The files with what they must hash to. */
export function SnapshotFiles({ snapshot }: { snapshot: Snapshot }) {
  const t = useT();
  const locale = useLocale();
  return (
    <ul className="snapshot-files">
      {snapshot.files.map((file) => (
        <li key={file.name}>
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
          <p className="small soft">{t(`snapshots.file.${fileKind(file.name)}`)}</p>
          <div className="snapshot-checksum">
            <code>{file.sha256}</code>
            <CopyButton text={file.sha256} label={t('snapshots.copyChecksum')} />
          </div>
        </li>
      ))}
    </ul>
  );
}

function fileKind(name: string): 'dolly' | 'full' | 'card' | 'manifest' | 'other' {
  if (name === 'dolly.jsonl.gz') return 'dolly';
  if (name === 'full.jsonl.gz') return 'full';
  if (name === 'README.md') return 'card';
  return name === 'manifest.json' ? 'manifest' : 'other';
}

/** Lines to take along: loading in Python, downloading with curl and checking what came. */
export function LoadingCode({ snapshot }: { snapshot: Snapshot }) {
  const t = useT();
  const dolly = snapshot.files.find(({ name }) => fileKind(name) === 'dolly');
  if (dolly === undefined) return null;
  const url = absolute(dolly.url);
  return (
    <div className="stack">
      <CodeBlock
        label={t('snapshots.code.python')}
        code={`from datasets import load_dataset\npairs = load_dataset("json", data_files="${url}", split="train")`}
      />
      <CodeBlock label={t('snapshots.code.curl')} code={`curl -fLO ${url}\necho "${dolly.sha256}  ${dolly.name}" | sha256sum --check`} />
    </div>
  );
}
