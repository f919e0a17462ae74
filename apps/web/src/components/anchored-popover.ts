const gap = 4;
const margin = 8;

export type Placement = 'below-start' | 'below-end' | 'above' | 'below';

/**
 * Puts an open popover next to its anchor, on the other side or further in when it would leave the window. Logical:
 * `start` is the right edge in right-to-left text.
 */
export function placePopover(anchor: Element, popover: HTMLElement, placement: Placement): void {
  const at = anchor.getBoundingClientRect();
  const { offsetWidth: width, offsetHeight: height } = popover;
  const rtl = getComputedStyle(anchor).direction === 'rtl';
  const leftEdges = placement === 'below-start' ? !rtl : rtl;
  const centred = placement === 'above' || placement === 'below';
  const wantedLeft = centred ? at.left + (at.width - width) / 2 : leftEdges ? at.left : at.right - width;
  const below = at.bottom + gap;
  const above = at.top - gap - height;
  const fitsBelow = below + height <= window.innerHeight - margin;
  const top = placement === 'above' ? (above >= margin ? above : below) : fitsBelow || above < margin ? below : above;
  popover.style.position = 'fixed';
  popover.style.margin = '0';
  popover.style.inset = 'auto';
  popover.style.left = `${Math.max(margin, Math.min(wantedLeft, window.innerWidth - width - margin))}px`;
  popover.style.top = `${Math.max(margin, Math.min(top, window.innerHeight - height - margin))}px`;
}
