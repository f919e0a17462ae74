import { Check, X } from 'lucide-react';
import type { Category, CategoryExample, Dataset } from '@granary/contract';
import { Disclosure } from '../../../components/disclosure.tsx';
import { Markdown } from '../../../components/markdown.tsx';
import { useT } from '../../../lib/i18n/i18n.ts';

/** What belongs into the chosen category: its guideline, a good and a bad example, and the dataset's own guidelines. */
export function GuidelineAside({ dataset, category }: { dataset: Dataset; category: Category | undefined }) {
  const t = useT();
  return (
    <aside className="guideline stack gap-3" aria-label={t('entries.guideline.label')}>
      {category && (
        <>
          <div className="kicker">{category.title}</div>
          <Markdown text={category.guideline} />
          {category.goodExample && <Example example={category.goodExample} kind="good" />}
          {category.badExample && <Example example={category.badExample} kind="bad" />}
        </>
      )}
      {dataset.guidelines.trim() !== '' && (
        <Disclosure summary={t('entries.guideline.dataset')}>
          <Markdown text={dataset.guidelines} />
        </Disclosure>
      )}
    </aside>
  );
}

function Example({ example, kind }: { example: CategoryExample; kind: 'good' | 'bad' }) {
  const t = useT();
  const Icon = kind === 'good' ? Check : X;
  return (
    <Disclosure
      summary={
        <span className={`example-title example-${kind}`}>
          <Icon aria-hidden />
          {t(kind === 'good' ? 'entries.example.good' : 'entries.example.bad')}
        </span>
      }
    >
      <div className="example small">
        <p className="verbatim">
          <strong>{example.instruction}</strong>
        </p>
        {example.context && <blockquote className="verbatim">{example.context}</blockquote>}
        <p className="verbatim">{example.response}</p>
        <p className="soft">{example.why}</p>
      </div>
    </Disclosure>
  );
}
