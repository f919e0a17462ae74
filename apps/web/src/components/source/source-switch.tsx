import { Pilcrow } from 'lucide-react';
import { useT } from '../../lib/i18n/i18n.ts';
import { useShortcuts } from '../../lib/shortcuts.ts';
import { Button } from '../button.tsx';
import { useShowsSource } from './text-view.ts';
import './source.css';

/** Turns all texts of the page into their source and back. Once per page. */
export function SourceSwitch() {
  const t = useT();
  const [showsSource, show] = useShowsSource();
  const turn = () => show(!showsSource);
  useShortcuts([{ keys: 'v', label: t('source.show'), run: turn }]);
  return (
    <Button
      className="source-switch"
      size="small"
      variant="quiet"
      keys="v"
      icon={<Pilcrow aria-hidden />}
      aria-pressed={showsSource}
      title={t('source.hint')}
      onClick={turn}
    >
      {t('source.show')}
    </Button>
  );
}
