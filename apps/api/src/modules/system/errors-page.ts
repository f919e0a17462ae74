import { errorTable, type ErrorCode } from '@granary/contract';
import { listEndpoints } from '../../openapi/document.ts';
import { errorCodesOf } from '../../openapi/operation.ts';

/** Where the `type` of a problem leads: every code, its status, what it says, and which endpoints name it as theirs. */
export function renderErrorsPage(): string {
  const rows = listEndpoints();
  const sections = (Object.keys(errorTable) as ErrorCode[]).map((code) => {
    const { status, title } = errorTable[code];
    const users = rows.filter(({ endpoint }) => errorCodesOf(endpoint).includes(code));
    const where =
      users.length > 12 || users.length === 0
        ? `<p>${users.length === 0 ? 'Not tied to one endpoint.' : `${users.length} endpoints may answer with it.`}</p>`
        : `<ul>${users.map(({ endpoint }) => `<li><code>${endpoint.method} ${endpoint.path}</code> ${escape(endpoint.summary)}</li>`).join('')}</ul>`;
    return `<section id="${code}"><h2><a href="#${code}"><code>${code}</code></a></h2><p>${status} · ${escape(title)}</p>${where}</section>`;
  });
  return `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>Granary API: errors</title>
<link rel="stylesheet" href="/api/docs/errors.css"></head>
<body><main><h1>Errors</h1>
<p>Every error is <code>application/problem+json</code> with one of these codes in <code>code</code>. Codes never change their meaning; the
sentence in <code>detail</code> is for people and may. Fields that were not right are named in <code>errors</code>. <a href="/api/docs">The whole interface</a></p>
${sections.join('\n')}
</main></body></html>
`;
}

export const errorsPageStyle = `:root { color-scheme: light dark; font: 1rem/1.5 system-ui, sans-serif; }
body { margin: 0; }
main { max-width: 44rem; margin: 0 auto; padding: 1.5rem 1rem 4rem; }
section { border-top: 1px solid color-mix(in srgb, currentcolor 20%, transparent); padding: 0.5rem 0; }
section:target { background: color-mix(in srgb, goldenrod 15%, transparent); }
h2 { font-size: 1.05rem; margin: 0.5rem 0 0; }
p, ul { margin: 0.25rem 0; overflow-wrap: anywhere; }
`;

function escape(text: string): string {
  return text.replace(/[&<>]/g, (sign) => `&#${sign.charCodeAt(0)};`);
}
