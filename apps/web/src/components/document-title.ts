import { useEffect } from 'react';

const site = 'Granary';

/** Names the page in the browser's tab and history. PageHeader does it; a page without one calls this. */
export function useDocumentTitle(title: string): void {
  useEffect(() => {
    document.title = title === site ? site : `${title} · ${site}`;
  }, [title]);
}
