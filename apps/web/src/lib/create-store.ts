import { useSyncExternalStore } from 'react';

export type Store<T> = {
  get(): T;
  set(next: T | ((current: T) => T)): void;
  /** Calls back after every change; returns the way to stop. */
  subscribe(listener: () => void): () => void;
};

/** The smallest store that React can follow: one immutable value and its listeners. */
export function createStore<T>(initial: T): Store<T> {
  let value = initial;
  const listeners = new Set<() => void>();
  return {
    get: () => value,
    set(next) {
      const changed = typeof next === 'function' ? (next as (current: T) => T)(value) : next;
      if (Object.is(changed, value)) return;
      value = changed;
      for (const listener of listeners) listener();
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

/** Renders again whenever the store changes. */
export function useStore<T>(store: Store<T>): T {
  return useSyncExternalStore(store.subscribe, store.get);
}
