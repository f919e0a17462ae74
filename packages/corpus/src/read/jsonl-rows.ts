import { isUtf8 } from 'node:buffer';
import { isObject } from './conversation.ts';
import type { PhysicalLine } from './physical-lines.ts';
import { excerptOf, notUtf8Issue, tooLongIssue } from './row.ts';
import type { Row } from './row.ts';

/** Reads one JSON object per line. Blank lines are passed over; lines up to and including `afterLine` are not even parsed. */
export async function* readJsonlRows(
  lines: AsyncIterable<PhysicalLine>,
  { lineMax, afterLine }: { lineMax: number; afterLine: number },
): AsyncGenerator<Row> {
  for await (const { line, bytes, end } of lines) {
    if (line <= afterLine) continue;
    if (bytes === null) yield { line, bytesSoFar: end, issue: tooLongIssue(lineMax), excerpt: '' };
    else if (!isUtf8(bytes)) yield { line, bytesSoFar: end, issue: notUtf8Issue, excerpt: excerptOf(bytes.toString('utf8')) };
    else {
      const text = bytes.toString('utf8');
      if (text.trim() !== '') yield { line, bytesSoFar: end, ...parseObject(text) };
    }
  }
}

function parseObject(text: string) {
  const bad = (message: string) => ({ issue: { field: null, message }, excerpt: excerptOf(text) });
  try {
    const value: unknown = JSON.parse(text);
    if (isObject(value)) return { record: value };
    return bad('The line holds JSON, but not an object such as {"instruction": "…", "response": "…"}');
  } catch {
    return bad('The line is not valid JSON');
  }
}
