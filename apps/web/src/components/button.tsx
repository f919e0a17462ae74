import type { ComponentProps, ReactNode } from 'react';
import { LoaderCircle } from 'lucide-react';
import { Link, type LinkProps } from 'react-router';
import { Kbd } from './kbd.tsx';
import { Tooltip } from './tooltip.tsx';
import './button.css';

type Look = {
  /** `primary` at most once per view: it is the act the page is for. */
  variant?: 'primary' | 'secondary' | 'quiet' | 'danger';
  size?: 'medium' | 'small';
};
type ButtonProps = Look &
  ComponentProps<'button'> & {
    icon?: ReactNode;
    /** Shown as a key cap; register it with `useShortcuts`. */
    keys?: string;
    /** Work is under way: the label stays, a second press does nothing. */
    busy?: boolean;
  };

function lookOf({ variant = 'secondary', size = 'medium' }: Look, more = ''): string {
  return `button button-${variant}${size === 'small' ? ' button-small' : ''}${more}`;
}

export function Button({ variant, size, icon, keys, busy = false, className = '', children, onClick, ...rest }: ButtonProps) {
  return (
    <button
      type="button"
      {...rest}
      className={lookOf({ variant, size }, ` ${className}`)}
      aria-busy={busy || undefined}
      aria-disabled={busy || rest['aria-disabled'] || undefined}
      onClick={busy ? (event) => event.preventDefault() : onClick}
    >
      {busy ? <LoaderCircle className="button-spinner" aria-hidden /> : icon}
      {children}
      {keys && <Kbd keys={keys} />}
    </button>
  );
}

/** A link that looks like a button: it goes somewhere. */
export function LinkButton({ variant, size, icon, className = '', children, ...rest }: Look & LinkProps & { icon?: ReactNode }) {
  return (
    <Link {...rest} className={lookOf({ variant, size }, ` ${className}`)}>
      {icon}
      {children}
    </Link>
  );
}

/** A button that is only an icon; its label is read out and shown as a tooltip. */
export function IconButton({
  label,
  icon,
  variant = 'quiet',
  size,
  keys,
  className = '',
  ...rest
}: Omit<ButtonProps, 'children' | 'busy'> & { label: string; icon: ReactNode }) {
  return (
    <Tooltip label={label} keys={keys}>
      <button type="button" aria-label={label} {...rest} className={lookOf({ variant, size }, ` button-icon ${className}`)}>
        {icon}
      </button>
    </Tooltip>
  );
}
