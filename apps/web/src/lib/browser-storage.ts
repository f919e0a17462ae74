/** `localStorage`, where the browser allows it; private windows and blocked cookies just forget. */
export const browserStorage = {
  get(key: string): string | null {
    try {
      return globalThis.localStorage.getItem(key);
    } catch {
      return null;
    }
  },
  keys(): string[] {
    try {
      return Object.keys(globalThis.localStorage);
    } catch {
      return [];
    }
  },
  set(key: string, value: string | null): void {
    try {
      if (value === null) globalThis.localStorage.removeItem(key);
      else globalThis.localStorage.setItem(key, value);
    } catch {
      // Nothing depends on the value being kept.
    }
  },
};
