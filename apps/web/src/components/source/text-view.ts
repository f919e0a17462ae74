import { createStore, useStore } from '../../lib/create-store.ts';

const showsSource = createStore(false);

/** Whether texts of the corpus are shown as they are stored, on all pages until the browser's tab is closed, and the way to change it. */
export function useShowsSource(): [boolean, (shown: boolean) => void] {
  return [useStore(showsSource), showsSource.set];
}
