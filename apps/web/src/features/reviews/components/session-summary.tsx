import { useEffect, useRef, type ReactNode } from 'react';
import { DescriptionList } from '../../../components/description-list.tsx';
import { useT } from '../../../lib/i18n/i18n.ts';
import type { Tally } from '../desk.ts';
import { doneIn, medianSeconds } from '../session-goal.ts';

/** What a sitting came to, and what can be done now. */
export function SessionSummary({ tally, title, children }: { tally: Tally; title: string; children: ReactNode }) {
  const t = useT();
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus({ preventScroll: true }), []);
  const seconds = medianSeconds(tally);
  const facts = [
    { term: t('vocabulary.verdict.approve'), value: tally.approve },
    { term: t('vocabulary.verdict.request_changes'), value: tally.request_changes },
    { term: t('vocabulary.verdict.reject'), value: tally.reject },
    { term: t('reviews.summary.skipped'), value: tally.skipped },
  ].filter(({ value }) => value > 0);
  return (
    <section className="review-summary stack" aria-label={t('reviews.summary.title')}>
      <h2 tabIndex={-1} ref={heading}>
        {title}
      </h2>
      <p className="measure">
        {t('reviews.summary.done', { n: doneIn(tally) })} {tally.decided > 0 && t('reviews.summary.decided', { n: tally.decided })}
      </p>
      <DescriptionList
        items={[
          ...facts.map(({ term, value }) => ({ term, value: <span className="numeric">{value}</span> })),
          ...(seconds === null ? [] : [{ term: t('reviews.summary.time'), value: t('reviews.summary.seconds', { n: seconds }) }]),
        ]}
      />
      <div className="cluster gap-3">{children}</div>
    </section>
  );
}
