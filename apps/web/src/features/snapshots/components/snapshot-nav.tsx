import { NavLink } from 'react-router';
import { paths } from '../../../config/paths.ts';
import { useT } from '../../../lib/i18n/i18n.ts';
import './snapshots.css';

/** The pages of one snapshot. */
export function SnapshotNav({ slug, number }: { slug: string; number: number }) {
  const t = useT();
  const pages = [
    { to: paths.snapshot.to(slug, number), label: t('snapshots.nav.overview') },
    { to: paths.rows.to(slug, number), label: t('snapshots.nav.rows') },
    { to: paths.formats.to(slug, number), label: t('snapshots.nav.formats') },
    { to: paths.changes.to(slug, number), label: t('snapshots.nav.changes') },
  ];
  return (
    <nav className="snapshot-nav" aria-label={t('snapshots.nav')}>
      {pages.map(({ to, label }) => (
        <NavLink key={to} to={to} end className="tab">
          {label}
        </NavLink>
      ))}
    </nav>
  );
}
