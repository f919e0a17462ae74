import { hash } from 'node:crypto';
import type { Readable } from 'node:stream';
import type { EndpointRequest, Format, snapshotExportEndpoints } from '@granary/contract';
import { encodings, formats } from '@granary/corpus';
import type { Encoding, SnapshotFormat } from '@granary/corpus';
import * as z from 'zod';
import { ApiError, notFound } from '../../errors.ts';
import { validationFailed } from '../../plugins/errors.ts';
import type { BuildRepository } from './build-repository.ts';
import { openRendering } from './export-stream.ts';
import type { RenderTask } from './render-task.ts';
import type { Renderer } from './renderer.ts';
import type { SnapshotRepository } from './repository.ts';

/**
 * Part of every ETag. Raise it when the bytes that any format or encoding gives for the same rows change, so that no cache puts
 * old and new together.
 */
const exportVersion = 2;
/** Snapshots whose facts are remembered: they never change. */
const rememberedMost = 200;

type Deps = {
  repository: Pick<SnapshotRepository, 'byNumber'>;
  pinned: Pick<BuildRepository, 'ratingDimensions' | 'hasPreferences'>;
  render: Renderer['render'];
};
type Query = EndpointRequest<typeof snapshotExportEndpoints.get>['query'];
type Facts = { ratingDimensions: string[]; preferences: boolean };
export type ExportService = ReturnType<typeof createExportService>;
export type SnapshotExport = {
  mediaType: string;
  /** Strong: the same tag means the same bytes. */
  etag: string;
  fileName: string;
  /** Starts the work; rejects with `not_ready` when as much as may run at once is running. Destroying the stream ends the work. */
  open: () => Promise<Readable>;
};

/** Published snapshots in any format and encoding, made while they are sent. Throws ApiError. */
export function createExportService({ repository, pinned, render }: Deps) {
  const remembered = new Map<string, Promise<Facts>>();

  return {
    formats: () => ({
      formats: formats.map(describeFormat),
      encodings: encodings.map(({ name, mediaType, tabular }) => ({ name, mediaType, tabular })),
    }),

    /** What a request asks for; nothing is made before `open`. */
    async find(slug: string, number: number, query: Query): Promise<SnapshotExport> {
      const { split, category, language, min_rating, format: formatName, encoding: encodingName, limit, ...options } = query;
      const format = named(formats, 'format', formatName);
      const encoding = named(encodings, 'encoding', encodingName);
      checkFit(format, encoding);
      const settled = parseOptions(format, options);
      const snapshot = await repository.byNumber(slug, number);
      if (snapshot?.status !== 'published') throw notFound(`published snapshot ${number} of ${slug}`);
      const filter = { categories: sorted(category), languages: sorted(language), minRating: min_rating ?? null };
      const tagged = [exportVersion, snapshot.contentHash, format.name, encoding.name, split ?? null, filter, limit ?? null, ...settled];
      const isPart = limit !== undefined || filter.minRating !== null || category.length + language.length > 0;
      const name = [slug, `v${number}`, format.name, ...(split ? [split] : []), ...(isPart ? ['part'] : [])].join('-');
      return {
        mediaType: encoding.mediaType,
        etag: `"${hash('sha256', JSON.stringify(tagged))}"`,
        fileName: `${name}.${encoding.name}`,
        async open() {
          const { ratingDimensions, preferences } = await factsOf(snapshot.id);
          const task: RenderTask = {
            source: { snapshotId: snapshot.id, split: split ?? null, preferences },
            format: format.name,
            options,
            encoding: encoding.name,
            ratingDimensions,
            filter,
            maxRows: limit,
            evenEmpty: true,
          };
          return openRendering(render, task);
        },
      };
    },
  };

  function factsOf(id: string): Promise<Facts> {
    const known = remembered.get(id);
    if (known) return known;
    const facts = Promise.all([pinned.ratingDimensions(id), pinned.hasPreferences(id)]).then(([ratingDimensions, preferences]) => ({
      ratingDimensions,
      preferences,
    }));
    const [oldest] = remembered.keys();
    if (oldest !== undefined && remembered.size >= rememberedMost) remembered.delete(oldest);
    remembered.set(id, facts);
    facts.catch(() => remembered.delete(id));
    return facts;
  }
}

const sorted = (values: readonly string[]) => [...new Set(values)].sort();

function named<T extends { name: string }>(all: readonly T[], kind: 'format' | 'encoding', name: string): T {
  const found = all.find((one) => one.name === name);
  if (found) return found;
  throw invalid(kind, `There is no ${kind} "${name}"; there are ${all.map((one) => one.name).join(', ')}`);
}

function checkFit(format: SnapshotFormat, encoding: Encoding): void {
  if (format.tabular || !encoding.tabular) return;
  const fitting = encodings.filter(({ tabular }) => !tabular).map(({ name }) => name);
  throw invalid(
    'encoding',
    `Rows of ${format.name} do not fit columns, so there is no ${encoding.name} of them; take ${fitting.join(' or ')}`,
  );
}

function invalid(path: string, message: string): ApiError {
  return new ApiError('validation_failed', message, { errors: [{ path, message }] });
}

/** The format's own options, defaults filled in, in the order of their names. What it does not know is refused: it would select nothing and say nothing. */
function parseOptions(format: SnapshotFormat, given: Record<string, unknown>): [string, unknown][] {
  const parsed = format.options.strict().safeParse(given);
  if (!parsed.success) throw validationFailed(withFields(parsed.error), '');
  return Object.entries(parsed.data).sort(([a], [b]) => (a < b ? -1 : 1));
}

/** Unknown options are one issue of the whole; it is told of each by its name. */
function withFields(error: z.ZodError): z.ZodError {
  return new z.ZodError(
    error.issues.flatMap((issue): z.core.$ZodIssue[] =>
      issue.code === 'unrecognized_keys'
        ? issue.keys.map((key) => ({ ...issue, path: [key], message: 'There is no such option' }))
        : [issue],
    ),
  );
}

function describeFormat({ name, title, description, tabular, stored, columns, schema, options }: SnapshotFormat): Format {
  return {
    name,
    title,
    description,
    tabular,
    stored,
    columns: Object.entries(columns).map(([column, meaning]) => ({ name: column, meaning })),
    rowSchema: schema.toJSONSchema() as Record<string, unknown>,
    optionsSchema: z.toJSONSchema(options, { io: 'input' }) as Record<string, unknown>,
  };
}
