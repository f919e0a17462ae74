import { Link } from 'react-router';
import { languageNames, type Dataset, type EntryPage } from '@granary/contract';
import { DescriptionList } from '../../../components/description-list.tsx';
import { DateText } from '../../../components/text-values.tsx';
import { paths } from '../../../config/paths.ts';
import { useT } from '../../../lib/i18n/i18n.ts';
import { AuthorName } from './author-name.tsx';
import { EntryStatus } from '../../../vocabulary/entry-status.tsx';

/** Where an entry stands and where it comes from: what somebody needs before they train on it. */
export function EntryFacts({ page, dataset }: { page: EntryPage; dataset: Dataset }) {
  const t = useT();
  const { entry, snapshots } = page;
  const { revision, origin } = entry;
  const others = page.revisions.flatMap(({ author }) => (author !== null && author.id !== entry.author?.id ? [author] : []));
  const editors = [...new Map(others.map((person) => [person.id, person])).values()];
  return (
    <DescriptionList
      items={[
        { term: t('conversation.fact.status'), value: <EntryStatus status={entry.status} /> },
        { term: t('conversation.fact.dataset'), value: <Link to={paths.dataset.to(dataset.slug)}>{dataset.title}</Link> },
        {
          term: t('conversation.fact.category'),
          value: dataset.categories.find(({ slug }) => slug === entry.category)?.title ?? entry.category,
        },
        {
          term: t('conversation.fact.language'),
          value: languageNames[entry.language as keyof typeof languageNames] ?? entry.language,
        },
        { term: t('conversation.fact.licence'), value: entry.licence },
        { term: t('conversation.fact.author'), value: <AuthorName author={entry.author} origin={origin} /> },
        editors.length > 0 && {
          term: t('conversation.fact.editors'),
          value: (
            <span className="cluster gap-2">
              {editors.map((editor) => (
                <AuthorName key={editor.id} author={editor} origin={null} />
              ))}
            </span>
          ),
        },
        origin !== null && origin.externalId !== null && { term: t('conversation.fact.externalId'), value: origin.externalId },
        { term: t('conversation.fact.ai'), value: t(`conversation.ai.${revision.aiAssistance}`) },
        { term: t('conversation.fact.created'), value: <DateText iso={entry.createdAt} /> },
        revision.number > 1 && { term: t('conversation.fact.revision'), value: revision.number },
        snapshots.length > 0 && {
          term: t('conversation.fact.snapshots'),
          value: (
            <span className="fact-snapshots">
              {snapshots.map((number) => (
                <Link key={number} to={paths.snapshot.to(dataset.slug, number)}>
                  {number}
                </Link>
              ))}
            </span>
          ),
        },
      ]}
    />
  );
}
