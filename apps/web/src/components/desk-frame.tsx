import type { ReactNode } from 'react';
import './display.css';

/** Around a desk where one task follows another. At work the head of the page is small, and the acts stay in one place. */
export function DeskFrame({ atWork, children }: { atWork: boolean; children: ReactNode }) {
  return (
    <div className="desk" data-at-work={atWork ? '' : undefined}>
      {children}
    </div>
  );
}
