import { Link } from 'react-router';
import type { Entry } from '@granary/contract';
import { paths } from '../../../config/paths.ts';
import { useT } from '../../../lib/i18n/i18n.ts';

/** Who wrote it, or where it was imported from. */
export function AuthorName({ author, origin }: Pick<Entry, 'author' | 'origin'>) {
  const t = useT();
  if (author !== null) return <Link to={paths.contributor.to(author.id)}>{author.displayName}</Link>;
  if (origin === null) return <span>{t('conversation.anonymous')}</span>;
  return origin.url === null ? (
    <span>{origin.name}</span>
  ) : (
    <a href={origin.url} target="_blank" rel="noopener noreferrer nofollow">
      {origin.name}
    </a>
  );
}
