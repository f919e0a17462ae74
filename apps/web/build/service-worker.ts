import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { Plugin } from 'vite';

type Chunk = {
  type: 'chunk';
  fileName: string;
  isEntry: boolean;
  facadeModuleId: string | null;
  imports: string[];
  viteMetadata?: { importedCss: ReadonlySet<string> };
};
type Output = Chunk | { type: 'asset'; fileName: string; source: string | Uint8Array };

/** What a volunteer needs to go on without a network: the pages where one writes, and their words. */
const wanted = /\/pages\/(?:home|contribute|write|my-drafts)-page\.tsx$|virtual:message-catalogs\/\w+\/(?:shell|home|entries|drafts)$/;
const fonts = /assets\/(?:inter-latin-wght-normal|source-serif-4-latin-opsz-normal)-.*\.woff2$/;
const page = 'index.html';
const publicFiles = ['/before-paint.js', '/favicon.svg', '/site.webmanifest'];

/** Every file of the shell, as addresses. */
export function shellFiles(bundle: Record<string, Output>): string[] {
  const chunks = Object.values(bundle).filter((output) => output.type === 'chunk');
  const byName = new Map(chunks.map((chunk) => [chunk.fileName, chunk]));
  const open = chunks.filter(({ isEntry, facadeModuleId }) => isEntry || wanted.test(facadeModuleId ?? ''));
  const seen = new Set<Chunk>();
  for (let chunk = open.pop(); chunk !== undefined; chunk = open.pop()) {
    if (seen.has(chunk)) continue;
    seen.add(chunk);
    open.push(...chunk.imports.flatMap((name) => byName.get(name) ?? []));
  }
  const styles = [...seen].flatMap((chunk) => [...(chunk.viteMetadata?.importedCss ?? [])]);
  const found = [...[...seen].map(({ fileName }) => fileName), ...styles, ...Object.keys(bundle).filter((name) => fonts.test(name))];
  return ['/', ...publicFiles, ...[...new Set(found)].sort().map((name) => `/${name}`)];
}

const readPublic = (name: string) => readFile(new URL(`../public${name}`, import.meta.url));

/** Another one where a name or the content of a file without a hash in its name is another. */
function versionOf(files: readonly string[], contents: readonly unknown[]): string {
  const hash = createHash('sha256').update(files.join());
  for (const content of contents)
    hash.update(content instanceof Uint8Array ? content : String((content as { source?: unknown } | undefined)?.source));
  return hash.digest('hex').slice(0, 12);
}

/** Writes `service-worker.js`: another one with every build that changes a file of the shell. */
export function serviceWorker(): Plugin {
  return {
    name: 'granary:service-worker',
    apply: 'build',
    enforce: 'post',
    async generateBundle(_options, bundle) {
      const files = shellFiles(bundle as unknown as Record<string, Output>);
      const version = versionOf(files, [bundle[page], ...(await Promise.all(publicFiles.map(readPublic)))]);
      const source = await readFile(new URL('service-worker.js', import.meta.url), 'utf8');
      const known = `const version = ${JSON.stringify(version)};\nconst files = ${JSON.stringify(files)};\n`;
      this.emitFile({ type: 'asset', fileName: 'service-worker.js', source: known + source });
    },
  };
}
