import type { ReactNode } from 'react';
import { BookOpen, Library, PenLine, Scale, Settings2, Shield, type LucideIcon } from 'lucide-react';
import { Link, useLocation } from 'react-router';
import { paths } from '../../config/paths.ts';
import { useT, type MessageKey } from '../../lib/i18n/i18n.ts';
import { useSession } from '../../lib/session.ts';
import { isWithin } from './places.ts';

export type Destination = { to: string; label: MessageKey; icon: LucideIcon; keys: string };

function PlaceLink({ to, children }: { to: string; children: ReactNode }) {
  const { pathname } = useLocation();
  return (
    <Link to={to} aria-current={isWithin(pathname, to) ? 'page' : undefined}>
      {children}
    </Link>
  );
}

const everyone: Destination[] = [
  { to: paths.contribute.to(), label: 'app.nav.contribute', icon: PenLine, keys: 'g c' },
  { to: paths.review.to(), label: 'app.nav.review', icon: Scale, keys: 'g r' },
  { to: paths.browse.to(), label: 'app.nav.browse', icon: BookOpen, keys: 'g b' },
  { to: paths.datasets.to(), label: 'app.nav.datasets', icon: Library, keys: 'g d' },
];
const moderate: Destination = { to: paths.moderate.to(), label: 'app.nav.moderate', icon: Shield, keys: 'g m' };
const admin: Destination = { to: paths.admin.to(), label: 'app.nav.admin', icon: Settings2, keys: 'g a' };

/** Where the person can go: those who look after the place see two doors more. */
export function useDestinations(): Destination[] {
  const { can } = useSession();
  return [...everyone, ...(can('moderation:act') ? [moderate] : []), ...(can('accounts:manage') ? [admin] : [])];
}

export function TopNavigation() {
  const t = useT();
  return (
    <nav className="top-nav not-on-phone" aria-label={t('app.nav.label')}>
      {useDestinations().map(({ to, label }) => (
        <PlaceLink key={to} to={to}>
          {t(label)}
        </PlaceLink>
      ))}
    </nav>
  );
}

/** On a phone the four places everyone goes to lie under the thumb; the other doors are in the account menu. */
export function BottomNavigation() {
  const t = useT();
  return (
    <nav className="bottom-nav only-on-phone" aria-label={t('app.nav.label')}>
      {everyone.map(({ to, label, icon: Icon }) => (
        <PlaceLink key={to} to={to}>
          <Icon aria-hidden />
          {t(label)}
        </PlaceLink>
      ))}
    </nav>
  );
}
