import { useLingui } from '@lingui/react';
import { browserStorage } from '../browser-storage.ts';
import { activateLocale } from './i18n.ts';
import { locales, type Locale } from './locales.ts';

const key = 'granary.locale';

/** The first language of the list that the page speaks; English when there is none. */
export function chooseLocale(wanted: readonly (string | null | undefined)[]): Locale {
  for (const each of wanted) {
    const found = locales.find((locale) => locale === each?.slice(0, 2).toLowerCase());
    if (found) return found;
  }
  return 'en';
}

/** `?lang=` before the stored choice before the browser's languages. */
export function initialLocale(): Locale {
  return chooseLocale([new URLSearchParams(window.location.search).get('lang'), browserStorage.get(key), ...navigator.languages]);
}

/** Switches the page's language and remembers it in this browser. */
export async function setLocale(locale: Locale): Promise<void> {
  await activateLocale(locale);
  browserStorage.set(key, locale);
  document.documentElement.lang = locale;
}

export function useLocale(): Locale {
  return chooseLocale([useLingui().i18n.locale]);
}
