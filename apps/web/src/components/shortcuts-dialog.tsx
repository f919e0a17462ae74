import { useAllShortcuts } from '../lib/shortcuts.ts';
import { useT } from '../lib/i18n/i18n.ts';
import { Dialog } from './dialog.tsx';
import { Kbd } from './kbd.tsx';

/** Every shortcut of the page as it is now. */
export default function ShortcutsDialog({ open, onClose }: { open: boolean; onClose: () => void }) {
  const t = useT();
  return (
    <Dialog open={open} onClose={onClose} title={t('components.shortcuts.title')}>
      <ShortcutRows />
    </Dialog>
  );
}

function ShortcutRows() {
  return (
    <dl className="facts facts-keys">
      {useAllShortcuts().map(({ keys, label }) => (
        <div key={`${keys}${label}`}>
          <dt>{label}</dt>
          <dd>
            <Kbd keys={keys} />
          </dd>
        </div>
      ))}
    </dl>
  );
}
