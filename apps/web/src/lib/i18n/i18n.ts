import { useMemo } from 'react';
import { setupI18n, type I18n, type MessageDescriptor, type Messages } from '@lingui/core';
import { useLingui } from '@lingui/react';

/** Area → its English catalog; `src/app/message-keys.ts` lists them. */
// oxlint-disable-next-line typescript/no-empty-object-type -- filled by declaration merging
export interface MessageCatalogs {}
export type MessageKey = { [Area in keyof MessageCatalogs]: keyof MessageCatalogs[Area] }[keyof MessageCatalogs] & string;
export type MessageValues = Record<string, string | number | Date | null | undefined>;
export type Translate = (key: MessageKey, values?: MessageValues) => string;

/** The one catalog of this page. A missing key shows itself, and fails a test. */
export const i18n: I18n = setupI18n();

type CatalogLoaders = Record<string, Record<string, () => Promise<{ default: Messages }>>>;
let loaders: CatalogLoaders = {};
const pending = new Map<string, Promise<void>>();
const loaded = new Set<string>();

/** Tells where catalogs come from (locale → area → import); the page's entry does so once. */
export function provideCatalogs(catalogs: CatalogLoaders): void {
  loaders = catalogs;
}

/** Loads the words of these areas in the language being read. `shell` holds those every page needs. */
export async function loadMessages(areas: readonly string[], locale = i18n.locale): Promise<void> {
  await Promise.all(areas.map((area) => loadArea(locale, area)));
}

/** Switches to another language once all its words that are on the page have arrived. */
export async function activateLocale(locale: string): Promise<void> {
  const areas = [...loaded].map((key) => key.split('/')[1] ?? 'shell');
  await loadMessages([...new Set(['shell', ...areas])], locale);
  i18n.activate(locale);
}

function loadArea(locale: string, area: string): Promise<void> {
  const key = `${locale}/${area}`;
  const load = loaders[locale]?.[area];
  if (loaded.has(key) || !load) return Promise.resolve();
  const running =
    pending.get(key) ??
    load().then(
      ({ default: messages }) => {
        i18n.load(locale, messages);
        loaded.add(key);
        pending.delete(key);
      },
      (error: unknown) => {
        pending.delete(key);
        throw error;
      },
    );
  pending.set(key, running);
  return running;
}

/** Lets a component wait for the words of an area that its route did not name. */
function needArea(key: string): void {
  const area = key.slice(0, key.indexOf('.'));
  const name = area === 'app' || area === 'components' ? 'shell' : area;
  if (loaded.has(`${i18n.locale}/${name}`) || loaders[i18n.locale]?.[name] === undefined) return;
  // Suspense's own protocol: React renders again when the promise is settled.
  throw loadArea(i18n.locale, name);
}

/** The translating function, for components: `const t = useT(); t('entries.list.count', { n })`. */
export function useT(): Translate {
  const context = useLingui();
  return useMemo<Translate>(
    () => (key, values) => {
      needArea(key);
      return context.i18n._({ id: key, values } as MessageDescriptor);
    },
    [context],
  );
}
