import { ExternalLink } from 'lucide-react';
import type { Context, Entry, Revision } from '@granary/contract';
import { CorpusText } from '../../../components/source/corpus-text.tsx';
import { TextDiff } from '../../../components/diff/text-diff.tsx';
import { useT } from '../../../lib/i18n/i18n.ts';
import './conversation.css';

/** One turn of a conversation as a reader sees it, its context with source and licence below. */
export function EntryText({ entry }: { entry: Entry }) {
  const t = useT();
  const { revision, language, status } = entry;
  // The server sends no text to those who may not see it.
  if (revision.text === '') return <p className="soft">{t(status === 'retracted' ? 'conversation.retracted' : 'conversation.hidden')}</p>;
  return (
    <>
      <CorpusText text={revision.text} lang={language} />
      {revision.context !== null && (
        <blockquote className="turn-context">
          <div className="kicker">{t('conversation.context')}</div>
          <CorpusText text={revision.context.text} lang={language} />
          <ContextSource context={revision.context} />
        </blockquote>
      )}
    </>
  );
}

function ContextSource({ context: { url, licence } }: { context: { url: Context['url'] | null; licence: string | null } }) {
  return (
    <p className="small soft turn-source">
      {url !== null && (
        <a href={url} target="_blank" rel="noopener noreferrer nofollow">
          {url} <ExternalLink aria-hidden />
        </a>
      )}{' '}
      {licence}
    </p>
  );
}

/** What a revision changed, word by word; of the first one the whole text. */
export function RevisionChange({ revision, before, lang }: { revision: Revision; before: Revision | undefined; lang: string }) {
  const t = useT();
  const contextBefore = before?.context?.text ?? '';
  const contextNow = revision.context?.text ?? '';
  return (
    <div className="stack gap-2">
      <TextDiff before={before?.text ?? revision.text} after={revision.text} lang={lang} />
      {before !== undefined && contextBefore !== contextNow && (
        <div className="turn-context">
          <div className="kicker">{t('conversation.context')}</div>
          <TextDiff before={contextBefore} after={contextNow} lang={lang} />
        </div>
      )}
    </div>
  );
}
