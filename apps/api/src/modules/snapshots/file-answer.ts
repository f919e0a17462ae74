/** What a request says about the copy or the part it wants. */
export type FileRequest = { method: string; headers: Record<string, string | string[] | undefined> };

export type FileAnswer =
  | { status: 200; range: { start: number; end: number }; length: number }
  | { status: 206; range: { start: number; end: number }; length: number; contentRange: string }
  | { status: 304 }
  | { status: 416; contentRange: string };

/**
 * Decides how to answer a request for a file that never changes (RFC 9110, chapters 13 and 14). `etag` is strong. Lists of
 * ranges and units other than bytes are answered with the whole file, which the standard allows.
 */
export function answerFileRequest({ method, headers }: FileRequest, { bytes, etag }: { bytes: number; etag: string }): FileAnswer {
  if (isCurrent({ headers }, etag)) return { status: 304 };
  const whole: FileAnswer = { status: 200, range: { start: 0, end: bytes - 1 }, length: bytes };
  const wanted = header(headers, 'range');
  // Of an empty file there is no part, and nothing that a refusal would spare.
  if (method !== 'GET' || wanted === undefined || bytes === 0) return whole;
  // A part is only of use to somebody whose other parts are of the same file.
  const ifRange = header(headers, 'if-range');
  if (ifRange !== undefined && ifRange.trim() !== etag) return whole;
  const range = parseRange(wanted, bytes);
  if (range === 'ignored') return whole;
  if (range === 'outside') return { status: 416, contentRange: `bytes */${bytes}` };
  return { status: 206, range, length: range.end - range.start + 1, contentRange: `bytes ${range.start}-${range.end}/${bytes}` };
}

/** Whether the copy that the caller has is the one with this ETag. */
export function isCurrent({ headers }: Pick<FileRequest, 'headers'>, etag: string): boolean {
  return matches(header(headers, 'if-none-match'), etag);
}

function header(headers: FileRequest['headers'], name: string): string | undefined {
  const value = headers[name];
  return Array.isArray(value) ? value.join(', ') : value;
}

function matches(ifNoneMatch: string | undefined, etag: string): boolean {
  if (ifNoneMatch === undefined) return false;
  if (ifNoneMatch.trim() === '*') return true;
  const tags: string[] = ifNoneMatch.match(/(?:W\/)?"[^"]*"/g) ?? [];
  return tags.some((tag) => tag.replace(/^W\//, '') === etag);
}

function parseRange(text: string, bytes: number): { start: number; end: number } | 'ignored' | 'outside' {
  const [, from, to] = /^bytes=\s*(\d*)-(\d*)\s*$/i.exec(text) ?? [];
  if (from === undefined || to === undefined || (from === '' && to === '')) return 'ignored';
  if (from === '') {
    // The last so many bytes.
    const length = Math.min(Number(to), bytes);
    return length === 0 ? 'outside' : { start: bytes - length, end: bytes - 1 };
  }
  const start = Number(from);
  if (to !== '' && Number(to) < start) return 'ignored';
  if (start >= bytes) return 'outside';
  return { start, end: to === '' ? bytes - 1 : Math.min(Number(to), bytes - 1) };
}
