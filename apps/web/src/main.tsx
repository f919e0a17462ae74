// First, so that the order of the style layers is settled before any component brings its own.
import './styles/index.css';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { catalogs } from 'virtual:message-catalogs';
import './app/message-keys.ts';
import { App } from './app/app.tsx';
import { preloadPage } from './app/page-loader.tsx';
import { i18n, loadMessages, provideCatalogs } from './lib/i18n/i18n.ts';
import { initialLocale } from './lib/i18n/locale.ts';
import { registerServiceWorker } from './lib/register-service-worker.ts';
import { startShortcuts } from './lib/shortcuts.ts';

provideCatalogs(catalogs);
const locale = initialLocale();
const words = loadMessages(['shell'], locale);
// Before the words are here, so that the first page travels beside them.
preloadPage(window.location.pathname, locale);
await words;
i18n.activate(locale);
document.documentElement.lang = locale;
startShortcuts();
registerServiceWorker();

const root = document.getElementById('root');
if (root === null) throw new Error('index.html has no #root');
createRoot(root).render(
  <StrictMode>
    <App />
  </StrictMode>,
);
