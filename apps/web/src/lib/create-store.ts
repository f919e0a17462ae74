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
export function useStore<T>(store: Omit<Store<T>, 'set'>): T {
  return useSyncExternalStore(store.subscribe, store.get);
}

/** What can be read off another store; reckoned once for each of its values. */
export function deriveStore<T, U>({ get, subscribe }: Store<T>, derive: (value: T) => U): Omit<Store<U>, 'set'> {
  let from: T | undefined;
  let derived: U | undefined;
  return {
    get() {
      const value = get();
      if (derived === undefined || !Object.is(value, from)) {
        derived = derive(value);
        from = value;
      }
      return derived;
    },
    subscribe,
  };
}
