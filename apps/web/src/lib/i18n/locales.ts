/** Languages the page speaks. Adding one: a `messages/<locale>.json` per area, and this line. */
export const locales = ['en', 'de'] as const;
export type Locale = (typeof locales)[number];
export const localeNames: Record<Locale, string> = { en: 'English', de: 'Deutsch' };
