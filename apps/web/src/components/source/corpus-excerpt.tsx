import { SourceText } from './source-text.tsx';
import { useShowsSource } from './text-view.ts';

/** A text of the corpus among others in a list: plain, or its source where the reader asked for that. */
export function CorpusExcerpt({ text, lang, className }: { text: string; lang: string; className: string }) {
  const [showsSource] = useShowsSource();
  if (showsSource) return <SourceText text={text} lang={lang} />;
  return (
    <p className={className} dir="auto" lang={lang}>
      {text}
    </p>
  );
}
