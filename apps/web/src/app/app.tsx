import { I18nProvider } from '@lingui/react';
import { QueryClientProvider } from '@tanstack/react-query';
import { BrowserRouter } from 'react-router';
import { ErrorBoundary } from '../components/error-boundary.tsx';
import { createQueryClient } from '../lib/api-query.ts';
import { i18n } from '../lib/i18n/i18n.ts';
import { Shell } from './shell/shell.tsx';

const queryClient = createQueryClient();

/** The whole page within everything that it may rely on: words, data, addresses. */
export function App() {
  return (
    <I18nProvider i18n={i18n}>
      <QueryClientProvider client={queryClient}>
        <ErrorBoundary>
          {/* The shell itself decides what waits for the next page, and what follows the address at once. */}
          <BrowserRouter useTransitions={false}>
            <Shell />
          </BrowserRouter>
        </ErrorBoundary>
      </QueryClientProvider>
    </I18nProvider>
  );
}
