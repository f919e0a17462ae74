import { fileURLToPath } from 'node:url';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance } from 'fastify';
import { fastifyPlugin } from 'fastify-plugin';
import { docsStyle } from './docs-style.ts';
import { errorsPageStyle, renderErrorsPage } from './errors-page.ts';

/** Swagger UI as the plugin of that name ships it; the page around it is ours, so that nothing runs inline. */
const viewerFolder = fileURLToPath(new URL('static/', import.meta.resolve('@fastify/swagger-ui/package.json')));
const assetsPrefix = '/api/docs/assets/';
const assetMaxAgeMs = 3_600_000;

const page = `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>Granary API</title>
<link rel="icon" href="data:,">
<meta name="color-scheme" content="light dark">
<link rel="stylesheet" href="${assetsPrefix}swagger-ui.css"><link rel="stylesheet" href="/api/docs/theme.css"></head>
<body><header class="masthead"><a href="/">← Granary</a><span>API</span><a href="/api/docs/errors">Errors</a><a href="/api/openapi.json">openapi.json</a></header>
<div id="viewer"></div>
<noscript>The same as a file: <a href="/api/openapi.json">/api/openapi.json</a></noscript>
<script src="${assetsPrefix}swagger-ui-bundle.js"></script><script src="/api/docs/start.js"></script></body></html>
`;

const start = `SwaggerUIBundle({
  url: '/api/openapi.json',
  dom_id: '#viewer',
  deepLinking: true,
  docExpansion: 'list',
  defaultModelsExpandDepth: 0,
  displayRequestDuration: true,
  persistAuthorization: false,
  validatorUrl: null,
  presets: [SwaggerUIBundle.presets.apis],
});
`;

/** The interface to browse at `/api/docs`, and the list of errors at `/api/docs/errors`. */
export const docsPlugin = fastifyPlugin(
  async (app: FastifyInstance) => {
    await app.register(fastifyStatic, {
      root: viewerFolder,
      prefix: assetsPrefix,
      decorateReply: false,
      maxAge: assetMaxAgeMs,
      index: false,
    });
    const errors = renderErrorsPage();
    const serve = (url: string, type: string, text: string) =>
      app.get(url, (_request, reply) => reply.header('cache-control', 'no-cache').type(`${type}; charset=utf-8`).send(text));
    serve('/api/docs', 'text/html', page);
    serve('/api/docs/', 'text/html', page);
    serve('/api/docs/start.js', 'text/javascript', start);
    serve('/api/docs/theme.css', 'text/css', docsStyle);
    serve('/api/docs/errors', 'text/html', errors);
    serve('/api/docs/errors.css', 'text/css', errorsPageStyle);
  },
  { name: 'docs' },
);
