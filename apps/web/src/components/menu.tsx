import { createContext, use, useCallback, useId, useRef, type ComponentProps, type KeyboardEvent, type ReactNode } from 'react';
import { Check } from 'lucide-react';
import { Link } from 'react-router';
import { placePopover, type Placement } from './anchored-popover.ts';
import './menu.css';

const CloseContext = createContext<() => void>(() => undefined);

type TriggerProps = Pick<ComponentProps<'button'>, 'aria-haspopup' | 'aria-controls' | 'onClick' | 'onKeyDown'> & { popoverTarget: string };
type MenuProps = {
  /** The button that opens it: `(props) => <Button {...props}>…</Button>`. */
  trigger: (props: TriggerProps) => ReactNode;
  label: string;
  placement?: Placement;
  children: ReactNode;
};

/** A menu of acts. The browser closes it on Escape and on a press outside, and gives the focus back. */
export function Menu({ trigger, label, placement = 'below-end', children }: MenuProps) {
  const id = useId();
  const list = useRef<HTMLDivElement>(null);
  const close = useCallback(() => list.current?.hidePopover(), []);
  const onKeyDown = (event: KeyboardEvent) => moveFocus(event, list.current);
  return (
    <>
      {trigger({
        popoverTarget: id,
        'aria-haspopup': 'menu',
        'aria-controls': id,
        onKeyDown(event) {
          if (event.key !== 'ArrowDown') return;
          event.preventDefault();
          event.currentTarget.click();
        },
      })}
      <div
        ref={list}
        id={id}
        className="menu"
        role="menu"
        tabIndex={-1}
        popover="auto"
        aria-label={label}
        onKeyDown={onKeyDown}
        onToggle={(event) => {
          const menu = event.currentTarget;
          const anchor = document.querySelector(`[popovertarget="${CSS.escape(id)}"]`);
          if (event.newState !== 'open' || !anchor) return;
          placePopover(anchor, menu, placement);
          itemsOf(menu)[0]?.focus();
        }}
      >
        <CloseContext value={close}>{children}</CloseContext>
      </div>
    </>
  );
}

function itemsOf(menu: HTMLElement | null): HTMLElement[] {
  return [...(menu?.querySelectorAll<HTMLElement>('[role^="menuitem"]:not(:disabled)') ?? [])];
}

function moveFocus(event: KeyboardEvent, menu: HTMLElement | null): void {
  const items = itemsOf(menu);
  const at = items.findIndex((item) => item === document.activeElement);
  const next = nextItem(event.key, items, at);
  if (event.key === 'Tab') menu?.hidePopover();
  if (!next) return;
  event.preventDefault();
  next.focus();
}

function nextItem(key: string, items: HTMLElement[], at: number): HTMLElement | undefined {
  if (key === 'ArrowDown') return items[(at + 1) % items.length];
  if (key === 'ArrowUp') return items.at(at <= 0 ? -1 : at - 1);
  if (key === 'Home') return items[0];
  if (key === 'End') return items.at(-1);
  if (key.length !== 1 || key === ' ') return undefined;
  const order = [...items.slice(at + 1), ...items.slice(0, at + 1)];
  return order.find((item) => item.textContent.trim().toLocaleLowerCase().startsWith(key.toLocaleLowerCase()));
}

type ItemProps = { icon?: ReactNode; children: ReactNode };

export function MenuItem({
  icon,
  children,
  onSelect,
  danger,
  disabled,
}: ItemProps & { onSelect: () => void; danger?: boolean; disabled?: boolean }) {
  const close = use(CloseContext);
  return (
    <button
      type="button"
      role="menuitem"
      tabIndex={-1}
      disabled={disabled}
      className={`menu-item${danger ? ' menu-item-danger' : ''}`}
      onClick={() => {
        close();
        onSelect();
      }}
    >
      {icon}
      {children}
    </button>
  );
}

export function MenuLink({ icon, children, to }: ItemProps & { to: string }) {
  const close = use(CloseContext);
  return (
    <Link role="menuitem" tabIndex={-1} className="menu-item" to={to} onClick={close}>
      {icon}
      {children}
    </Link>
  );
}

/** One of several: language, theme, order. */
export function MenuRadio({ checked, children, onSelect }: { checked: boolean; children: ReactNode; onSelect: () => void }) {
  const close = use(CloseContext);
  return (
    <button
      type="button"
      role="menuitemradio"
      aria-checked={checked}
      tabIndex={-1}
      className="menu-item"
      onClick={() => {
        close();
        onSelect();
      }}
    >
      <span className="menu-mark">{checked && <Check aria-hidden />}</span>
      {children}
    </button>
  );
}

export function MenuHeading({ children }: { children: ReactNode }) {
  return <div className="menu-heading kicker">{children}</div>;
}

export function MenuSeparator() {
  return <hr className="menu-separator" />;
}
