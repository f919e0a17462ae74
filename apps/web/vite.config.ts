import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';
import { contractTable } from './build/contract-table.ts';
import { fontPreloads } from './build/font-preloads.ts';
import { latePackages } from './build/late-packages.ts';
import { messageCatalogs } from './build/message-catalogs.ts';
import { pageList } from './build/page-list.ts';
import { serviceWorker } from './build/service-worker.ts';

const apiAddress = process.env.GRANARY_API ?? 'http://127.0.0.1:4000';

export default defineConfig({
  plugins: [react(), contractTable(), latePackages(), messageCatalogs(), fontPreloads(), pageList(), serviceWorker()],
  server: { proxy: { '/api': { target: apiAddress, changeOrigin: false } } },
  build: {
    // Everything the page relies on natively (dialog, popover, light-dark()) has been in these for years.
    target: ['chrome123', 'firefox128', 'safari17.5'],
    manifest: true,
    sourcemap: false,
    // Nothing may become a data: URL that the content security policy refuses.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rolldownOptions: {
      // Schemas are built by calls at the top of modules; without this one imported constant would keep them all.
      output: {
        // The first load names every file of every page, so names are short; the manifest tells which is which.
        chunkFileNames: 'assets/[hash:7].js',
        assetFileNames: ({ names }) =>
          names.some((name) => name.endsWith('.css')) ? 'assets/[hash][extname]' : 'assets/[name]-[hash][extname]',
        codeSplitting: {
          groups: [
            // What every page needs travels in two files (the libraries change seldom) instead of twenty crumbs; words stay apart.
            { name: 'libraries', tags: ['$initial'], test: /node_modules/, priority: 2 },
            { name: 'shell', tags: ['$initial'], test: /\/apps\/web\/src\/(?!main\.tsx)|contract-table|preload-helper/, priority: 1 },
          ],
        },
      },
      treeshake: { manualPureFunctions: ['z', 'defineEndpoint', 'pageOf', 'text', 'integer', 'integerInAddress', 'numberInAddress'] },
    },
  },
});
