import type { Plugin } from 'vite';

/** The two files that set the first screen; everything else may arrive after it. */
const wanted = [/assets\/inter-latin-wght-normal-.*\.woff2$/, /assets\/source-serif-4-latin-opsz-normal-.*\.woff2$/];

/** Asks the browser for the fonts of the first screen together with the style sheet instead of after it. */
export function fontPreloads(): Plugin {
  return {
    name: 'granary:font-preloads',
    transformIndexHtml: {
      order: 'post',
      handler(_html, { bundle }) {
        const files = Object.keys(bundle ?? {}).filter((file) => wanted.some((pattern) => pattern.test(file)));
        return files.map((file) => ({
          tag: 'link',
          attrs: { rel: 'preload', as: 'font', type: 'font/woff2', href: `/${file}`, crossorigin: '' },
          injectTo: 'head' as const,
        }));
      },
    },
  };
}
