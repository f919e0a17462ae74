import { languageNames, type Dataset, type SnapshotRow } from '@granary/contract';
import { DescriptionList } from '../../../components/description-list.tsx';
import { DateText, NumberText } from '../../../components/text-values.tsx';
import { formatNumber, formatShare } from '../../../lib/i18n/format.ts';
import { useT } from '../../../lib/i18n/i18n.ts';
import { useLocale } from '../../../lib/i18n/locale.ts';
import './rows.css';

type Props = { row: SnapshotRow; dataset: Dataset };

/** Where a row comes from and how it proved, as it was when it was published. */
export function RowFacts({ row, dataset }: Props) {
  const t = useT();
  const locale = useLocale();
  const two = { maximumFractionDigits: 2 } as const;
  // Of what came from elsewhere the source is named instead.
  const knowsAuthor = (name: string | null) => name !== null || row.origin === null;
  const author = (name: string | null) => name ?? t('rows.anonymous');
  return (
    <DescriptionList
      items={[
        { term: t('rows.fact.id'), value: <code className="row-id">{row.id}</code> },
        { term: t('rows.fact.category'), value: dataset.categories.find(({ slug }) => slug === row.category)?.title ?? row.category },
        { term: t('rows.fact.language'), value: languageNames[row.language as keyof typeof languageNames] ?? row.language },
        { term: t('rows.fact.split'), value: <code>{row.split}</code> },
        row.turn > 1 && { term: t('rows.fact.turn'), value: <NumberText value={row.turn} /> },
        knowsAuthor(row.instruction_author) && { term: t('rows.fact.instructionAuthor'), value: author(row.instruction_author) },
        knowsAuthor(row.response_author) && { term: t('rows.fact.responseAuthor'), value: author(row.response_author) },
        row.editors.length > 0 && { term: t('rows.fact.editors'), value: row.editors.join(', ') },
        row.origin !== null && {
          term: t('rows.fact.origin'),
          value: <Source name={row.origin} url={row.origin_url} />,
        },
        row.external_id !== null && { term: t('rows.fact.externalId'), value: row.external_id },
        { term: t('rows.fact.instructionLicence'), value: row.instruction_licence },
        row.response_licence !== row.instruction_licence && { term: t('rows.fact.responseLicence'), value: row.response_licence },
        row.context_url !== null && {
          term: t('rows.fact.contextSource'),
          value: <Source name={hostOf(row.context_url)} url={row.context_url} />,
        },
        row.context_licence !== null && { term: t('rows.fact.contextLicence'), value: row.context_licence },
        { term: t('rows.fact.ai'), value: t(`rows.ai.${row.ai_assistance}`) },
        row.terms_version !== null && { term: t('rows.fact.terms'), value: <NumberText value={row.terms_version} /> },
        {
          term: t('rows.fact.reviews'),
          value:
            row.agreement === null
              ? t('rows.notReviewed')
              : t('rows.reviews', { approvals: row.approvals, reviews: row.reviews, agreement: formatShare(locale, row.agreement) }),
        },
        row.rating !== null && {
          term: t('rows.fact.rating'),
          value: t('rows.ratingBy', { rating: formatNumber(locale, row.rating, two), n: row.rating_count }),
        },
        ...Object.entries(row.ratings).map(([name, value]) => ({
          term: dataset.dimensions.find(({ slug }) => slug === name)?.title ?? name,
          value: <NumberText value={value} options={two} />,
        })),
        row.strength !== null && {
          term: t('rows.fact.strength'),
          value: t('rows.strength', {
            strength: formatNumber(locale, row.strength, two),
            error: formatNumber(locale, row.strength_error ?? 0, two),
          }),
        },
        row.checks.length > 0 && { term: t('rows.fact.checks'), value: row.checks.map((check) => check.replaceAll('_', ' ')).join(', ') },
        { term: t('rows.fact.approved'), value: <DateText iso={row.approved_at} /> },
        {
          term: t('rows.fact.revision'),
          value: t('rows.revision', { instruction: row.instruction_revision, response: row.response_revision }),
        },
        { term: t('rows.fact.hash'), value: <code className="row-id">{row.content_hash}</code> },
      ]}
    />
  );
}

function Source({ name, url }: { name: string; url: string | null }) {
  // Texts of others name this address; nothing but the web is followed.
  if (url === null || !/^https?:\/\//.test(url)) return name;
  return (
    <a href={url} rel="noreferrer nofollow">
      {name}
    </a>
  );
}

function hostOf(url: string): string {
  try {
    return new URL(url).host;
  } catch {
    return url;
  }
}
