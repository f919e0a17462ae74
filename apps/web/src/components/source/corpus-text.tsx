import { Markdown } from '../markdown.tsx';
import { SourceText } from './source-text.tsx';
import { useShowsSource } from './text-view.ts';

/** A text of the corpus as a reader sees it: Markdown, or its source where the reader asked for that. */
export function CorpusText({ text, lang }: { text: string; lang?: string }) {
  const [showsSource] = useShowsSource();
  return showsSource ? <SourceText text={text} lang={lang} /> : <Markdown text={text} lang={lang} />;
}
