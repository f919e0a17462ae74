import { lazy, Suspense, useEffect, useMemo, useRef, useState } from 'react';
import { Search, WifiOff } from 'lucide-react';
import { Link, useNavigate, type Location } from 'react-router';
import { IconButton } from '../../components/button.tsx';
import { ConfirmProvider } from '../../components/confirm.tsx';
import { Toaster } from '../../components/toast.tsx';
import { paths } from '../../config/paths.ts';
import { signInAgain } from '../../lib/api.ts';
import { useCommands, type Command } from '../../lib/commands.ts';
import { useStore } from '../../lib/create-store.ts';
import { useT } from '../../lib/i18n/i18n.ts';
import { useShortcuts } from '../../lib/shortcuts.ts';
import { useTheme } from '../../lib/theme.ts';
import { useOnline } from '../../lib/use-online.ts';
import { AccountMenu } from './account-menu.tsx';
import { BottomNavigation, TopNavigation, useDestinations } from './navigation.tsx';
import { PreferencesMenu } from './preferences-menu.tsx';
import { RoutedPages } from './routed-pages.tsx';
import { useScrollRestoration } from './use-scroll-restoration.ts';
import { useShownLocation } from './use-shown-location.ts';
import { Wordmark } from './wordmark.tsx';
import './shell.css';

const Palette = lazy(() => import('./palette.tsx'));
const SignInAgain = lazy(() => import('./sign-in-again.tsx'));
const ShortcutsDialog = lazy(() => import('../../components/shortcuts-dialog.tsx'));

/** What stands around every page. */
export function Shell() {
  const t = useT();
  const main = useRef<HTMLElement>(null);
  const [overlay, setOverlay] = useState<'palette' | 'shortcuts' | null>(null);
  const sessionLost = useStore(signInAgain) !== null;
  const { shown, pending } = useShownLocation();
  useFocusOnNavigation(main, shown);
  useScrollRestoration(shown);
  useShellShortcuts(setOverlay);
  return (
    <ConfirmProvider>
      <a className="skip-link" href="#main" onClick={() => main.current?.focus()}>
        {t('app.skip')}
      </a>
      <div className={`pending-bar${pending ? ' pending-bar-shown' : ''}`} aria-hidden />
      <header className="masthead">
        <div className="masthead-row">
          <Link className="masthead-home" to={paths.home.to()} aria-label={t('app.nav.home')}>
            <Wordmark />
          </Link>
          <TopNavigation />
          <div className="masthead-tools">
            <IconButton
              label={t('app.commands.palette')}
              keys="mod+k"
              className="masthead-search"
              icon={<Search aria-hidden />}
              onClick={() => setOverlay('palette')}
            />
            <PreferencesMenu />
            <AccountMenu />
          </div>
        </div>
      </header>
      <OfflineBanner />
      <main id="main" ref={main} className="page" tabIndex={-1}>
        <RoutedPages location={shown} />
      </main>
      <Colophon />
      <BottomNavigation />
      <Toaster />
      <Suspense fallback={null}>
        {sessionLost && <SignInAgain />}
        {overlay === 'palette' && <Palette open onClose={() => setOverlay(null)} />}
        {overlay === 'shortcuts' && <ShortcutsDialog open onClose={() => setOverlay(null)} />}
      </Suspense>
    </ConfirmProvider>
  );
}

function useShellShortcuts(open: (overlay: 'palette' | 'shortcuts') => void): void {
  const t = useT();
  const navigate = useNavigate();
  const destinations = useDestinations();
  const [, setTheme] = useTheme();
  const places = destinations.map(({ to, label, keys }) => ({ id: to, keys, label: t(label), run: () => void navigate(to) }));
  const commands = useMemo<Command[]>(
    () => [
      ...places.map((place) => ({ ...place, group: t('app.commands.group.go') })),
      { id: 'shortcuts', group: t('app.commands.group.act'), label: t('app.commands.shortcuts'), keys: '?', run: () => open('shortcuts') },
      { id: 'dark', group: t('app.commands.group.act'), label: t('app.commands.theme.dark'), run: () => setTheme('dark') },
      { id: 'light', group: t('app.commands.group.act'), label: t('app.commands.theme.light'), run: () => setTheme('light') },
    ],
    // oxlint-disable-next-line react/exhaustive-deps -- the places change with the language and the role only
    [t, destinations.length],
  );
  useCommands(commands);
  useShortcuts([
    { keys: 'mod+k', label: t('app.commands.palette'), run: () => open('palette') },
    { keys: '?', label: t('app.commands.shortcuts'), run: () => open('shortcuts') },
    ...places,
  ]);
}

/** After a navigation the new page's heading takes the focus: a screen reader says where one is, Tab starts there. */
function useFocusOnNavigation(main: React.RefObject<HTMLElement | null>, { pathname, hash }: Location): void {
  const before = useRef(pathname);
  useEffect(() => {
    if (before.current === pathname || hash !== '') return;
    before.current = pathname;
    const heading = main.current?.querySelector<HTMLElement>('h1');
    (heading ?? main.current)?.focus({ preventScroll: true });
  }, [pathname, hash, main]);
}

function OfflineBanner() {
  const t = useT();
  const online = useOnline();
  return (
    <div role="status">
      {!online && (
        <div className="offline">
          <WifiOff aria-hidden />
          {t('app.offline')}
        </div>
      )}
    </div>
  );
}

function Colophon() {
  const t = useT();
  return (
    <footer className="colophon">
      <div className="colophon-row">
        <p>
          {t('app.footer.promise')} {t('app.footer.licence')}
        </p>
        <a href={paths.apiDocs.to()}>{t('app.footer.api')}</a>
      </div>
    </footer>
  );
}
