import { endpoints, type Endpoint } from '@granary/contract';
import { cookieName } from '../http/cookies.ts';
import { createSchemaWriter } from './component-schemas.ts';
import { describeOperation, securitySchemes } from './operation.ts';

type Json = Record<string, unknown>;

const introduction = `Granary is a place where a community grows an instruction-tuning corpus. This interface is all there is: the web page
uses nothing else.

**Signing in.** Programs send a personal access token, made under \`POST /api/v1/me/tokens\`, as \`Authorization: Bearer grn_…\`.
Browsers sign in with \`POST /api/v1/auth/sign-in\`, which sets an access token that is good for ten minutes and a refresh
token as cookies; over https their names begin with \`__Host-\`. When an answer is \`session_expired\`, call \`POST /api/v1/auth/refresh\` and send the request again.
With \`session_revoked\` or \`not_signed_in\`, sign in again. Requests with cookies that change something are taken from the site's own
pages only.

**Lists** come in pages: hand \`nextCursor\` back as \`cursor\` until it is null. Cursors are opaque.

**Edits** carry the \`ETag\` that was read in \`If-Match\`; \`version_conflict\` means that somebody else was faster, and \`data\` says what is there now.

**Unknown fields** of a request are ignored, and so is a JSON body sent to an operation that has none.

**Repeating a write** is harmless with an \`Idempotency-Key\`: the first answer comes again.

**Errors** are \`application/problem+json\` (RFC 9457) with a stable \`code\`; all codes are listed under [/api/docs/errors](/api/docs/errors).
A path that does not exist is answered with 404, a method that a path does not offer with 405 and the methods that it does in \`Allow\`.`;

const tagDescriptions: Record<string, string> = {
  Accounts: 'Signing up and in, sessions, passwords, access tokens.',
  Datasets: 'What is collected, by which rules.',
  Contribute: 'Handing in, editing and taking back entries.',
  Drafts: 'What is being written, kept on the server.',
  Reviews: 'One review seat at a time.',
  Browse: 'Approved pairs, for everyone.',
  Moderation: 'Flags, decisions, users, the event log.',
  Snapshots: 'Numbered releases and their files.',
  Publishing: 'When a dataset publishes by itself, and who is told.',
  'Hugging Face Hub': 'The read protocol of the Hub, for its clients: set `HF_ENDPOINT` to the address of this deployment.',
  Imports: 'Bringing in what exists already.',
  System: 'The deployment itself.',
};

/** All rows of the contract with their name, such as `entries.submit`. */
export function listEndpoints(): { id: string; endpoint: Endpoint }[] {
  return Object.entries(endpoints).flatMap(([noun, rows]) =>
    Object.entries(rows as Record<string, Endpoint>).map(([verb, endpoint]) => ({ id: `${noun}.${verb}`, endpoint })),
  );
}

/** `/datasets/:slug` as OpenAPI spells it; a path's open end is called `path`. */
export const openapiPath = (path: string): string => path.replace(/:(\w+)/g, '{$1}').replace(/\*$/, '{path}');

/** The interface as an OpenAPI 3.1 document, from the contract alone. */
export function createOpenapiDocument(version: string): Json {
  const schemas = createSchemaWriter();
  const rows = listEndpoints();
  const paths: Record<string, Json> = {};
  for (const { id, endpoint } of rows) {
    const item = (paths[openapiPath(endpoint.path)] ??= {});
    item[endpoint.method.toLowerCase()] = describeOperation(endpoint, id, schemas);
  }
  const tags = [...new Set(rows.map(({ endpoint }) => endpoint.tag))];
  return {
    openapi: '3.1.1',
    info: { title: 'Granary', version, description: introduction, license: { name: 'Apache-2.0', identifier: 'Apache-2.0' } },
    servers: [{ url: '/', description: 'This deployment' }],
    tags: tags.map((name) => ({ name, ...(tagDescriptions[name] ? { description: tagDescriptions[name] } : {}) })),
    paths,
    components: { schemas: schemas.components(), parameters, headers, securitySchemes: describeSecurity() },
  };
}

function describeSecurity(): Json {
  return {
    [securitySchemes.session]: {
      type: 'apiKey',
      in: 'cookie',
      name: cookieName('access', false),
      description: `Set by \`POST /api/v1/auth/sign-in\`; renewed by \`POST /api/v1/auth/refresh\`. Over https its name is \`${cookieName('access', true)}\`.`,
    },
    [securitySchemes.token]: {
      type: 'http',
      scheme: 'bearer',
      bearerFormat: 'grn_…',
      description: 'A personal access token. It may do what its scopes and its owner’s role both allow.',
    },
  };
}

const header = (name: string, description: string, required: boolean, schema: Json) => ({
  name,
  in: 'header',
  required,
  description,
  schema,
});

const parameters = {
  IfMatch: header('If-Match', 'The `ETag` of the version the edit builds on.', true, { type: 'string', examples: ['"3"'] }),
  IdempotencyKey: header(
    'Idempotency-Key',
    'A value of your own, new for every new request: a repetition is answered like the first time.',
    false,
    {
      type: 'string',
      pattern: '^[\\x21-\\x7e]{8,128}$',
      examples: ['5f0c2a54-3f6e-4b8e-9d1c-0c5a1f6b7d21'],
    },
  ),
  Range: header('Range', 'A part of the file.', false, { type: 'string', examples: ['bytes=0-1023'] }),
  IfNoneMatch: header('If-None-Match', 'The `ETag` of the file that is there already.', false, { type: 'string' }),
};

const headers = {
  ETag: { description: 'Names this version.', schema: { type: 'string', examples: ['"3"'] } },
  IdempotentReplayed: {
    description: '`true` when this is the stored answer to an earlier request with the same key.',
    schema: { type: 'string', enum: ['true'] },
  },
  RetryAfter: { description: 'Seconds until the next request is taken.', schema: { type: 'integer' } },
};
