import { browserStorage } from './browser-storage.ts';
import { createStore, useStore } from './create-store.ts';

export const themes = ['light', 'dark', 'system'] as const;
export type Theme = (typeof themes)[number];

const key = 'granary.theme';
const stored = browserStorage.get(key);
const store = createStore<Theme>(stored === 'light' || stored === 'dark' ? stored : 'system');

/** The chosen theme and the way to change it; kept in this browser. */
export function useTheme(): [Theme, (theme: Theme) => void] {
  return [useStore(store), setTheme];
}

function setTheme(theme: Theme): void {
  store.set(theme);
  browserStorage.set(key, theme === 'system' ? null : theme);
  if (theme === 'system') delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme;
}
