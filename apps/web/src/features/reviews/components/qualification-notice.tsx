import type { Qualification } from '@granary/contract';
import { LinkButton } from '../../../components/button.tsx';
import { Notice } from '../../../components/notice.tsx';
import { DateText } from '../../../components/text-values.tsx';
import { paths } from '../../../config/paths.ts';
import { useT } from '../../../lib/i18n/i18n.ts';

/** Which text of a qualification one is reading, and that there is nothing to fear of it. */
export function Qualifying({ place, items, needed }: { place: number; items: number; needed: number }) {
  const t = useT();
  return <Notice title={t('reviews.qualification.title', { place, items })}>{t('reviews.qualification.text', { needed })}</Notice>;
}

/** The qualification was not passed: when it can be tried again, and what to read until then. */
export function QualificationFailed({ qualification }: { qualification: Qualification }) {
  const t = useT();
  const { datasetSlug, datasetTitle, met, needed, againAt } = qualification;
  return (
    <Notice
      tone="warning"
      title={t('reviews.qualification.failed', { title: datasetTitle })}
      action={
        <LinkButton size="small" to={paths.dataset.to(datasetSlug)}>
          {t('reviews.qualification.guidelines')}
        </LinkButton>
      }
    >
      {t('reviews.qualification.failedText', { met, needed })}{' '}
      {againAt !== null && (
        <>
          {t('reviews.qualification.again')} <DateText iso={againAt} withTime />
        </>
      )}
    </Notice>
  );
}
