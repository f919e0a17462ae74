import type { Entry } from '@granary/contract';
import { Markdown } from '../../../components/markdown.tsx';
import { useT } from '../../../lib/i18n/i18n.ts';

/** The conversation above what is being written: what it answers or follows. */
export function EntryAbove({ entries }: { entries: readonly Entry[] }) {
  const t = useT();
  return (
    <>
      {entries.map((entry) => (
        <section key={entry.id} className={`entry-above entry-above-${entry.role}`} aria-label={t(`entries.field.${entry.role}`)}>
          <div className="kicker">{t(`entries.field.${entry.role}`)}</div>
          <Markdown text={entry.revision.text} lang={entry.language} />
          {entry.revision.context !== null && (
            <blockquote className="entry-context">
              <Markdown text={entry.revision.context.text} lang={entry.language} />
            </blockquote>
          )}
        </section>
      ))}
    </>
  );
}
