/// <reference types="vite/client" />

declare module 'virtual:contract-table' {
  export const endpoints: import('./lib/endpoints.ts').EndpointTable;
}
declare module 'virtual:message-catalogs' {
  import type { Messages } from '@lingui/core';
  export const catalogs: Record<string, Record<string, () => Promise<{ default: Messages }>>>;
}
