import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { compileMessageOrThrow } from '@lingui/message-utils/compileMessage';
import type { Plugin } from 'vite';
import { locales, type Locale } from '../src/lib/i18n/locales.ts';

export const sourceFolder = fileURLToPath(new URL('../src/', import.meta.url));
const loaderId = 'virtual:message-catalogs';
const catalogPattern = /^virtual:message-catalogs\/([a-z]+)\/([a-z]+)$/;
/** Areas every page needs: they travel in one file with the first load. */
const shellAreas = ['app', 'components'];

/** Area (the folder's name, and the prefix of its keys) → folder of its catalogs. */
export function findCatalogs(): Map<string, string> {
  const features = join(sourceFolder, 'features');
  const featureNames = existsSync(features) ? readdirSync(features).sort() : [];
  const folders = [
    ...['app', 'components', 'components/diff', 'components/source', 'vocabulary'].map((name) => join(sourceFolder, name)),
    ...featureNames.map((name) => join(features, name)),
  ];
  const withMessages = folders.map((folder) => join(folder, 'messages')).filter((folder) => existsSync(join(folder, 'en.json')));
  return new Map(withMessages.map((folder) => [basename(dirname(folder)), folder]));
}

/** The written messages of one area. Throws when the file is not a flat object of strings. */
export function readCatalog(folder: string, locale: Locale): Record<string, string> {
  const file = join(folder, `${locale}.json`);
  const parsed: unknown = JSON.parse(readFileSync(file, 'utf8'));
  const isFlat = typeof parsed === 'object' && parsed !== null && Object.values(parsed).every((value) => typeof value === 'string');
  if (!isFlat) throw new Error(`${file} is not a flat object of strings`);
  return parsed as Record<string, string>;
}

/**
 * Compiles the catalogs at build time, so that the parser of ICU messages never reaches the browser. One chunk per locale
 * and area: a page loads the words of the features it shows, in the language being read.
 */
export function messageCatalogs(): Plugin {
  return {
    name: 'granary:message-catalogs',
    resolveId: (id) => (id === loaderId || catalogPattern.test(id) ? `\0${id}` : null),
    load(id) {
      if (id === `\0${loaderId}`) return loaderSource();
      const match = catalogPattern.exec(id.slice(1));
      if (!id.startsWith('\0') || !match) return null;
      const [, locale, area] = match;
      const catalogs = findCatalogs();
      const areas = area === 'shell' ? shellAreas : [String(area)];
      const messages: Record<string, unknown> = {};
      for (const each of areas) {
        const folder = catalogs.get(each);
        if (!folder) continue;
        this.addWatchFile(join(folder, `${locale}.json`));
        for (const [key, text] of Object.entries(readCatalog(folder, locale as Locale))) messages[key] = compileMessageOrThrow(text);
      }
      return `export default JSON.parse(${JSON.stringify(JSON.stringify(messages))});`;
    },
    handleHotUpdate({ file, server }) {
      if (/\/messages\/[a-z]+\.json$/.test(file)) server.ws.send({ type: 'full-reload' });
    },
  };
}

function loaderSource(): string {
  const areas = ['shell', ...[...findCatalogs().keys()].filter((area) => !shellAreas.includes(area))];
  const rows = locales.map((locale) => {
    const loads = areas.map((area) => `${JSON.stringify(area)}: () => import('virtual:message-catalogs/${locale}/${area}')`);
    return `${locale}: { ${loads.join(', ')} }`;
  });
  return `export const catalogs = { ${rows.join(', ')} };`;
}
