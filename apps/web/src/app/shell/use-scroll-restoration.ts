import { useEffect, useLayoutEffect, useRef } from 'react';
import { useNavigationType, type Location } from 'react-router';

const storageKey = 'granary.scroll';
const positions = readPositions();

/**
 * Scrolls as a browser does between documents: to the top of a new page, back to where one was on the way back, to the part that
 * the address names. An address that changes in its place leaves the page where it is.
 */
export function useScrollRestoration({ key: given, pathname, hash }: Location): void {
  // The first address of every document has the same key.
  const key = given === 'default' ? pathname : given;
  const type = useNavigationType();
  const before = useRef({ key, pathname });
  useEffect(() => {
    const takeOver = () => {
      window.history.scrollRestoration = 'manual';
    };
    const note = () => positions.set(before.current.key, window.scrollY);
    const leave = () => {
      keepPositions();
      window.history.scrollRestoration = 'auto';
    };
    takeOver();
    window.addEventListener('scroll', note, { passive: true });
    window.addEventListener('pagehide', leave);
    window.addEventListener('pageshow', takeOver);
    return () => {
      window.removeEventListener('scroll', note);
      window.removeEventListener('pagehide', leave);
      window.removeEventListener('pageshow', takeOver);
    };
  }, []);
  useLayoutEffect(() => {
    const stayed = before.current.pathname === pathname;
    before.current = { key, pathname };
    if (stayed && type === 'REPLACE') return undefined;
    const known = type === 'POP' ? positions.get(key) : undefined;
    const part = hash === '' ? null : document.getElementById(hash.slice(1));
    if (known !== undefined) return scrollAsItGrows(known);
    if (part !== null) part.scrollIntoView();
    else window.scrollTo(0, 0);
    return undefined;
    // oxlint-disable-next-line react/exhaustive-deps -- once per navigation, which the key names
  }, [key]);
}

/** Goes to a place that the page may not reach before its data are there; gives up as soon as somebody scrolls. Returns the way to stop. */
function scrollAsItGrows(top: number): () => void {
  const growth = new ResizeObserver(goOn);
  const byHand = ['wheel', 'touchmove', 'keydown', 'pointerdown'] as const;
  function stop(): void {
    growth.disconnect();
    for (const name of byHand) window.removeEventListener(name, stop);
  }
  function goOn(): void {
    window.scrollTo(0, top);
    if (Math.abs(window.scrollY - top) < 1) stop();
  }
  for (const name of byHand) window.addEventListener(name, stop, { passive: true });
  // Its first call comes at once.
  growth.observe(document.body);
  goOn();
  return stop;
}

/** Survives a reload, and a visit to another site; who comes anew begins at the top. */
function readPositions(): Map<string, number> {
  const [navigation] = performance.getEntriesByType('navigation') as PerformanceNavigationTiming[];
  try {
    const kept = new Map(JSON.parse(sessionStorage.getItem(storageKey) ?? '[]') as [string, number][]);
    if (navigation?.type === 'navigate') kept.delete(window.location.pathname);
    return kept;
  } catch {
    return new Map();
  }
}

function keepPositions(): void {
  try {
    sessionStorage.setItem(storageKey, JSON.stringify([...positions]));
  } catch {
    // Nothing depends on it but the place on the page.
  }
}
