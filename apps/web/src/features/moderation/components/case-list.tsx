import { useRef, type ReactNode, type RefObject } from 'react';
import { LoadMore } from '../../../components/load-more.tsx';

type Pages = { hasNextPage: boolean; isFetchingNextPage: boolean; fetchNextPage: () => unknown };

/**
 * The cases of a list under rules. `children` gets what a row calls once its case is closed: the row will be gone and the
 * button that was pressed with it, so the focus goes to the list.
 */
export function CaseList({
  label,
  shown,
  pages,
  children,
}: {
  label: string;
  shown: number;
  pages: Pages;
  children: (onClosed: () => void) => ReactNode;
}) {
  const list: RefObject<HTMLOListElement | null> = useRef(null);
  return (
    <>
      <ol ref={list} className="cases" tabIndex={-1} aria-label={label}>
        {children(() => list.current?.focus({ preventScroll: true }))}
      </ol>
      <LoadMore shown={shown} {...pages} />
    </>
  );
}
