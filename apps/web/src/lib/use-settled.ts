import { useEffect, useState } from 'react';

/** A value once it has stayed the same for so many milliseconds, so that not every letter typed is asked about. */
export function useSettled<T extends string>(value: T, ms: number): T {
  const [settled, setSettled] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), ms);
    return () => clearTimeout(timer);
  }, [value, ms]);
  return settled;
}
