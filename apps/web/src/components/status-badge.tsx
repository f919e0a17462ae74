import type { ReactNode } from 'react';
import { CircleCheck, CircleDashed, CircleSlash, CircleX, Hourglass, PencilLine, type LucideIcon } from 'lucide-react';
import './display.css';

export type Tone = 'neutral' | 'info' | 'positive' | 'warning' | 'critical' | 'muted';

/** One shape per tone, so that the meaning survives without colour. */
const shapes: Record<Tone, LucideIcon> = {
  neutral: CircleDashed,
  info: Hourglass,
  positive: CircleCheck,
  warning: PencilLine,
  critical: CircleX,
  muted: CircleSlash,
};

/** The state of something: shape, colour and word. */
export function StatusBadge({ tone, icon: Icon = shapes[tone], children }: { tone: Tone; icon?: LucideIcon; children: ReactNode }) {
  return (
    <span className={`status status-${tone}`}>
      <Icon aria-hidden />
      {children}
    </span>
  );
}

/** A quiet label: a category, a language, a role. */
export function Badge({ children, lang }: { children: ReactNode; lang?: string }) {
  return (
    <span className="badge" lang={lang}>
      {children}
    </span>
  );
}
