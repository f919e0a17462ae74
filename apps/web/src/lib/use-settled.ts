import { useEffect, useState } from 'react';

const settleMs = 700;

/** A value once it has stayed the same for a while, so that not every letter typed is asked about. */
export function useSettled<T extends string>(value: T): T {
  const [settled, setSettled] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), settleMs);
    return () => clearTimeout(timer);
  }, [value]);
  return settled;
}
