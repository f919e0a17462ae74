import type { ReactNode } from 'react';
import { CircleAlert, CircleCheck, Info, TriangleAlert } from 'lucide-react';
import './display.css';

const icons = { info: Info, positive: CircleCheck, warning: TriangleAlert, critical: CircleAlert };

/** A remark in the flow of a page. `live` when it appears in answer to something the person did. */
export function Notice({
  tone = 'info',
  title,
  children,
  action,
  live = false,
}: {
  tone?: keyof typeof icons;
  title?: ReactNode;
  children?: ReactNode;
  action?: ReactNode;
  live?: boolean;
}) {
  const Icon = icons[tone];
  return (
    <div className={`notice notice-${tone}`} role={live ? (tone === 'critical' ? 'alert' : 'status') : undefined}>
      <Icon aria-hidden />
      <div className="notice-text">
        {title && <strong className="notice-title">{title}</strong>}
        {children}
      </div>
      {action}
    </div>
  );
}
