import { useState } from 'react';

/**
 * A form over something that others may change too: what the person touched is kept here, the rest shows what is known now.
 * So a newer version can be loaded at any time without losing a word, and only what was touched is sent.
 */
export function useEdits<T extends object>(known: T) {
  const [edits, setEdits] = useState<Partial<T>>({});
  return {
    values: { ...known, ...edits },
    edits,
    edited: Object.keys(edits).length > 0,
    edit: (changes: Partial<T>) => setEdits((before) => ({ ...before, ...changes })),
    /** Forgets what was touched: it has been saved, or is given up. */
    forget: () => setEdits({}),
  };
}
