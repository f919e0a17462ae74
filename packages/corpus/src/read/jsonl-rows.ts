import { isUtf8 } from 'node:buffer';
import { isObject } from './conversation.ts';
import type { OpenedContent } from './open-content.ts';
import { cutIssue, excerptBytes, excerptOf, notUtf8Issue, tooLongIssue } from './row.ts';
import type { Row, RowIssue, RowLimits } from './row.ts';
import { createLineSplitter } from './split-lines.ts';
import type { PhysicalLine } from './split-lines.ts';

type Context = { limits: RowLimits; afterLine: number };

/** Reads one JSON object per line. Blank lines are skipped; lines up to and including `afterLine` are not even parsed. */
export async function* readJsonlRows(open: () => Promise<OpenedContent>, { limits, afterLine }: Context): AsyncGenerator<Row> {
  const { content, position, wasCut } = await open();
  const splitter = createLineSplitter(limits.lineMax, position);
  for await (const chunk of content) yield* toRows(splitter.push(chunk), limits, afterLine);
  if (!wasCut()) yield* toRows(splitter.end(), limits, afterLine);
  else for (const { line, end } of splitter.end()) yield { line, bytesSoFar: end, issue: cutIssue, excerpt: '' };
}

function* toRows(lines: Iterable<PhysicalLine>, limits: RowLimits, afterLine: number): Generator<Row> {
  for (const { line, bytes, end } of lines) {
    if (line <= afterLine) continue;
    const content = bytes === null ? { issue: tooLongIssue(limits.lineMax), excerpt: '' } : parseLine(bytes, limits.depthMax);
    if (content !== null) yield { line, bytesSoFar: end, ...content };
  }
}

type Content = { record: Record<string, unknown> } | { issue: RowIssue; excerpt: string };

/** The object on a line, or what is wrong with the line; null for a blank one. */
function parseLine(bytes: Buffer, depthMax: number): Content | null {
  const bad = (issue: RowIssue) => ({ issue, excerpt: excerptOf(bytes.toString('utf8', 0, excerptBytes)) });
  if (!isUtf8(bytes)) return bad(notUtf8Issue);
  // What goes through trees step by step would exhaust the stack.
  if (isDeeper(bytes, depthMax))
    return bad({
      field: null,
      message: `The line has more than ${depthMax} objects and lists within each other, the limit: make it flatter`,
    });
  const text = bytes.toString('utf8');
  if (text.trim() === '') return null;
  try {
    const value: unknown = JSON.parse(text);
    if (isObject(value)) return { record: value };
    return bad({ field: null, message: 'The line holds JSON, but not an object such as {"instruction": "…", "response": "…"}' });
  } catch {
    return bad({ field: null, message: 'The line is not valid JSON' });
  }
}

const quote = 0x22;
const backslash = 0x5c;
const openings = new Set([0x7b, 0x5b]);
const closings = new Set([0x7d, 0x5d]);

function isDeeper(json: Buffer, depthMax: number): boolean {
  let depth = 0;
  for (let at = 0; at < json.length; at += 1) {
    const byte = json[at] as number;
    if (byte === quote) at = endOfString(json, at + 1);
    else if (byte < 0x5b) continue;
    else if (openings.has(byte)) {
      depth += 1;
      if (depth > depthMax) return true;
    } else if (closings.has(byte)) depth -= 1;
  }
  return false;
}

/** Place of the quote that ends a string; the end of the line when there is none. */
function endOfString(json: Buffer, from: number): number {
  for (let at = from; at < json.length; at += 1) {
    if (json[at] === backslash) at += 1;
    else if (json[at] === quote) return at;
  }
  return json.length;
}
