import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { finished } from 'node:stream/promises';
import { categories } from './population.ts';
import { readRealRows } from './real-rows.ts';

/** The same rows as a file in Dolly's shape and as the text that COPY takes. */
export async function writeRowFiles(folder: string, count: number): Promise<{ jsonl: string; copy: string }> {
  const rows = readRealRows();
  const files = { jsonl: join(folder, 'rows.jsonl'), copy: join(folder, 'rows.copy') };
  const jsonl = createWriteStream(files.jsonl);
  const copy = createWriteStream(files.copy);
  const escape = (value: string) =>
    value.replace(/[\\\n\r\t]/g, (sign) => ({ '\\': '\\\\', '\n': '\\n', '\r': '\\r', '\t': '\\t' })[sign] as string);
  for (let number = 1; number <= count; number += 1) {
    const { instruction, context, response } = rows[number % rows.length] as (typeof rows)[number];
    const row = {
      instruction: `${instruction} (${number})`,
      context,
      response: `${response}\n\n(${number})`,
      category: categories[number % categories.length]?.[0],
    };
    copy.write(
      `${Object.values(row)
        .map((value) => escape(value ?? ''))
        .join('\t')}\n`,
    );
    if (!jsonl.write(`${JSON.stringify(row)}\n`)) await once(jsonl, 'drain');
  }
  jsonl.end();
  copy.end();
  await Promise.all([finished(jsonl), finished(copy)]);
  return files;
}
