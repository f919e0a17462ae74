import { useRef } from 'react';
import { ChevronUp, SkipForward } from 'lucide-react';
import { skipReasons, type SkipReason } from '@granary/contract';
import { Button, IconButton } from '../../../components/button.tsx';
import { Menu, MenuHeading, MenuItem } from '../../../components/menu.tsx';
import { useT } from '../../../lib/i18n/i18n.ts';
import { useShortcuts } from '../../../lib/shortcuts.ts';

/** Passes a task on: at once, or with a reason that keeps its like behind for this person. */
export function SkipMenu({ enabled, onSkip }: { enabled: boolean; onSkip: (reason?: SkipReason) => void }) {
  const t = useT();
  const opener = useRef<HTMLButtonElement>(null);
  useShortcuts([
    { keys: 's', label: t('reviews.skip'), run: () => onSkip(), enabled },
    { keys: 'shift+s', label: t('reviews.skipWhy'), run: () => opener.current?.click(), enabled },
  ]);
  return (
    <div className="review-skip">
      <Button icon={<SkipForward className="turns" aria-hidden />} variant="quiet" keys="s" onClick={() => onSkip()}>
        {t('reviews.skip')}
      </Button>
      <Menu
        label={t('reviews.skipWhy')}
        placement="above"
        trigger={(props) => (
          <IconButton {...props} ref={opener} size="small" keys="shift+s" label={t('reviews.skipWhy')} icon={<ChevronUp aria-hidden />} />
        )}
      >
        <MenuHeading>{t('reviews.skipWhy')}</MenuHeading>
        {skipReasons.map((reason) => (
          <MenuItem key={reason} onSelect={() => onSkip(reason)}>
            {t(`reviews.skipReason.${reason}`)}
          </MenuItem>
        ))}
      </Menu>
    </div>
  );
}
