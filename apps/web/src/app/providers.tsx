import { I18nProvider } from '@lingui/react';
import { QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider, type RouterProviderProps } from 'react-router/dom';
import { createQueryClient } from '../lib/api-query.ts';
import { i18n } from '../lib/i18n/i18n.ts';

const queryClient = createQueryClient();

/** Everything a page may rely on: words, data, routes. */
export function Providers({ router }: Pick<RouterProviderProps, 'router'>) {
  return (
    <I18nProvider i18n={i18n}>
      <QueryClientProvider client={queryClient}>
        <RouterProvider router={router} />
      </QueryClientProvider>
    </I18nProvider>
  );
}
