import { useEffect, useId, useRef, useState, type KeyboardEvent } from 'react';
import { searchCommands, useAllCommands, type Command } from '../lib/commands.ts';
import { isComposing } from '../lib/is-composing.ts';
import { useT } from '../lib/i18n/i18n.ts';
import { Kbd } from './kbd.tsx';
import './command-palette.css';
import './dialog.css';

type Props = {
  open: boolean;
  onClose: () => void;
  /** Told what is being looked for. */
  onQuery?: (query: string) => void;
  /** What was found for the query elsewhere; listed after the commands whose names fit. */
  found?: readonly Command[];
};

/** Every act of the page by its name, fed by `useCommands`, and what is found elsewhere. */
export function CommandPalette({ open, onClose, onQuery, found }: Props) {
  const t = useT();
  const element = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const dialog = element.current;
    if (open && !dialog?.open) dialog?.showModal();
    if (!open && dialog?.open) dialog.close();
  }, [open]);
  return (
    <dialog
      ref={element}
      className="dialog dialog-palette"
      aria-label={t('components.palette.title')}
      {...{ closedby: 'any' }}
      onClose={onClose}
    >
      {open && <Palette onClose={onClose} onQuery={onQuery} elsewhere={found ?? []} />}
    </dialog>
  );
}

type PaletteProps = Pick<Props, 'onClose' | 'onQuery'> & { elsewhere: readonly Command[] };

function Palette({ onClose, onQuery, elsewhere }: PaletteProps) {
  const t = useT();
  const id = useId();
  const [query, setQuery] = useState('');
  const [at, setAt] = useState(0);
  const found = [...searchCommands(useAllCommands(), query), ...elsewhere];
  const groups = [...new Set(found.map(({ group }) => group))];
  const ordered = groups.flatMap((group) => found.filter((command) => command.group === group));
  const optionId = (command: Command | undefined) => (command ? `${id}-${command.id}` : undefined);
  function run(command: Command | undefined): void {
    if (!command) return;
    onClose();
    command.run();
  }
  function move(to: number): void {
    setAt(to);
    document.getElementById(optionId(ordered[to]) ?? '')?.scrollIntoView({ block: 'nearest' });
  }
  function onKeyDown(event: KeyboardEvent): void {
    if (isComposing(event.nativeEvent)) return;
    const last = ordered.length - 1;
    if (event.key === 'ArrowDown') move(at >= last ? 0 : at + 1);
    else if (event.key === 'ArrowUp') move(at <= 0 ? last : at - 1);
    else if (event.key === 'Enter') run(ordered[at]);
    else return;
    event.preventDefault();
  }
  return (
    <>
      <input
        className="palette-input"
        role="combobox"
        aria-expanded
        aria-controls={`${id}-list`}
        aria-activedescendant={optionId(ordered[at])}
        aria-label={t('components.palette.placeholder')}
        placeholder={t('components.palette.placeholder')}
        value={query}
        onChange={(event) => {
          setQuery(event.target.value);
          onQuery?.(event.target.value);
          setAt(0);
        }}
        onKeyDown={onKeyDown}
      />
      <div className="palette-list" id={`${id}-list`} role="listbox" aria-label={t('components.palette.title')}>
        {ordered.length === 0 && <p className="palette-empty">{t('components.palette.empty')}</p>}
        {groups.map((group) => (
          <div key={group} role="group" aria-label={group}>
            <div className="palette-group kicker" aria-hidden>
              {group}
            </div>
            {found
              .filter((command) => command.group === group)
              .map((command) => (
                <PaletteOption
                  key={command.id}
                  id={optionId(command)}
                  command={command}
                  selected={command === ordered[at]}
                  onRun={() => run(command)}
                />
              ))}
          </div>
        ))}
      </div>
    </>
  );
}

function PaletteOption({
  id,
  command,
  selected,
  onRun,
}: {
  id: string | undefined;
  command: Command;
  selected: boolean;
  onRun: () => void;
}) {
  return (
    // oxlint-disable-next-line jsx-a11y/click-events-have-key-events -- the keys are handled by the combobox that owns the list
    <div id={id} className="palette-option" role="option" aria-selected={selected} tabIndex={-1} onClick={onRun}>
      <span className="palette-label">{command.label}</span>
      {command.keys && <Kbd keys={command.keys} />}
    </div>
  );
}
