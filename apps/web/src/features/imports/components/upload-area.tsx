import { useRef, useState, type DragEvent } from 'react';
import { useMutation } from '@tanstack/react-query';
import { FileUp } from 'lucide-react';
import type { Import } from '@granary/contract';
import { Button } from '../../../components/button.tsx';
import { ErrorState } from '../../../components/error-state.tsx';
import { ProgressBar } from '../../../components/progress.tsx';
import { callApi, endpoints } from '../../../lib/api.ts';
import { formatBytes } from '../../../lib/i18n/format.ts';
import { useT } from '../../../lib/i18n/i18n.ts';
import { useLocale } from '../../../lib/i18n/locale.ts';
import './imports.css';

/** Takes a file by choice or by drag and drop and uploads it; nothing is imported yet. */
export function UploadArea({ slug, onUploaded }: { slug: string; onUploaded: (uploaded: Import) => void }) {
  const t = useT();
  const locale = useLocale();
  const input = useRef<HTMLInputElement>(null);
  const [over, setOver] = useState(false);
  const upload = useMutation({
    mutationFn: (file: File) => callApi(endpoints.imports.upload, { params: { slug }, query: { fileName: file.name }, body: file }),
    onSuccess: (answer) => onUploaded(answer.import),
  });
  function take(files: FileList | null): void {
    const file = files?.[0];
    if (file !== undefined && !upload.isPending) upload.mutate(file);
  }
  function drop(event: DragEvent): void {
    event.preventDefault();
    setOver(false);
    take(event.dataTransfer.files);
  }
  const file = upload.variables;
  return (
    <div className="stack gap-3">
      {/* Dropping is a shortcut of the pointer; the button does the same for everyone. */}
      <div
        className={`upload${over ? ' upload-over' : ''}`}
        onDragOver={(event) => {
          event.preventDefault();
          setOver(true);
        }}
        onDragLeave={() => setOver(false)}
        onDrop={drop}
      >
        <p className="soft">{t('imports.upload.text')}</p>
        <Button variant="primary" icon={<FileUp aria-hidden />} busy={upload.isPending} onClick={() => input.current?.click()}>
          {t('imports.upload.choose')}
        </Button>
        <input
          ref={input}
          className="visually-hidden"
          type="file"
          tabIndex={-1}
          aria-label={t('imports.upload.file')}
          accept=".jsonl,.ndjson,.json,.csv,.tsv,.gz"
          onChange={(event) => {
            take(event.target.files);
            // The same file can be chosen again after a refusal.
            event.target.value = '';
          }}
        />
        <p className="small faint">{t('imports.upload.hint')}</p>
      </div>
      {upload.isPending && file !== undefined && (
        <ProgressBar label={t('imports.upload.running', { name: file.name })} share={null} detail={formatBytes(locale, file.size)} />
      )}
      {upload.isError && <ErrorState error={upload.error} onRetry={file && (() => upload.mutate(file))} />}
    </div>
  );
}
