/** How a column's values are told in `COPY`'s binary format, and what they become: texts, numbers, ISO times in UTC, JSON values, lists of texts. */
export type CopyKind = 'uuid' | 'text' | 'integer' | 'number' | 'time' | 'json' | 'jsonb' | 'texts';
type Decode = (bytes: Buffer, start: number, end: number) => unknown;

/** Columns of few different texts are compared with the value before, instead of made anew. */
const comparedBytes = 40;
const hexDigits = Buffer.from('0123456789abcdef');
const millisecondsOfDay = 86_400_000;
/** PostgreSQL counts from here. */
const epochMs = Date.UTC(2000, 0, 1);

/** Decodes a row of these columns that begins, with its count of fields, at `at`; the row has to be there whole. */
export function createRowDecoder(kinds: readonly CopyKind[]): (bytes: Buffer, at: number) => unknown[] {
  const decoders = kinds.map((kind) => decoderOf[kind]());
  return (bytes, at) => {
    const values: unknown[] = [];
    let start = at + 2;
    for (const decode of decoders) {
      const length = bytes.readInt32BE(start);
      start += 4;
      if (length < 0) {
        values.push(null);
        continue;
      }
      values.push(decode(bytes, start, start + length));
      start += length;
    }
    return values;
  };
}

const decoderOf: Record<CopyKind, () => Decode> = {
  uuid: () => decodeUuid,
  text: createTextDecoder,
  integer: () => (bytes, start) => bytes.readInt32BE(start),
  number: () => (bytes, start) => bytes.readDoubleBE(start),
  time: createTimeDecoder,
  json: () => decodeJson,
  // The first byte is the version of the format.
  jsonb: () => (bytes, start, end) => decodeJson(bytes, start + 1, end),
  texts: () => decodeTexts,
};

function createTextDecoder(): Decode {
  let last = '';
  return (bytes, start, end) => {
    if (end - start > comparedBytes) return bytes.toString('utf8', start, end);
    if (!isSame(last, bytes, start, end)) last = bytes.toString('utf8', start, end);
    return last;
  };
}

/** Whether the bytes are this text; one that is not ASCII is never taken for the same. */
function isSame(text: string, bytes: Buffer, start: number, end: number): boolean {
  if (text.length !== end - start) return false;
  for (let index = 0; index < text.length; index += 1) {
    const byte = bytes[start + index] as number;
    if (byte > 0x7f || byte !== text.charCodeAt(index)) return false;
  }
  return true;
}

const uuidText = Buffer.from('00000000-0000-0000-0000-000000000000');
function decodeUuid(bytes: Buffer, start: number): string {
  let at = 0;
  for (let index = 0; index < 16; index += 1) {
    const byte = bytes[start + index] as number;
    uuidText[at] = hexDigits[byte >> 4] as number;
    uuidText[at + 1] = hexDigits[byte & 15] as number;
    at += index === 3 || index === 5 || index === 7 || index === 9 ? 3 : 2;
  }
  return uuidText.toString('latin1');
}

function decodeJson(bytes: Buffer, start: number, end: number): unknown {
  // Most lists and objects are empty.
  if (end - start === 2 && bytes[start] === 0x5b) return [];
  if (end - start === 2 && bytes[start] === 0x7b) return {};
  return JSON.parse(bytes.toString('utf8', start, end));
}

/** Microseconds since 2000 as `2026-03-01T10:00:00.000Z`; the date is worked out when it changes. */
function createTimeDecoder(): Decode {
  const text = Buffer.from('0000-00-00T00:00:00.000Z');
  let day = Number.NaN;
  const digits = (at: number, count: number, number: number) => {
    let rest = number;
    for (let place = at + count - 1; place >= at; place -= 1) {
      text[place] = 48 + (rest % 10);
      rest = Math.floor(rest / 10);
    }
  };
  return (bytes, start) => {
    const ms = Math.floor((bytes.readInt32BE(start) * 2 ** 32 + bytes.readUInt32BE(start + 4)) / 1000);
    const ofDay = Math.floor(ms / millisecondsOfDay);
    if (ofDay !== day) {
      day = ofDay;
      text.write(new Date(epochMs + day * millisecondsOfDay).toISOString().slice(0, 11), 'latin1');
    }
    const rest = ms - day * millisecondsOfDay;
    digits(11, 2, Math.floor(rest / 3_600_000));
    digits(14, 2, Math.floor(rest / 60_000) % 60);
    digits(17, 2, Math.floor(rest / 1000) % 60);
    digits(20, 3, rest % 1000);
    return text.toString('latin1');
  };
}

/** A list of one dimension, of texts that are not null: dimensions, flags, type, then length and first place, then each behind its length. */
function decodeTexts(bytes: Buffer, start: number): string[] {
  const texts: string[] = [];
  if (bytes.readInt32BE(start) === 0) return texts;
  const count = bytes.readInt32BE(start + 12);
  let at = start + 20;
  for (let index = 0; index < count; index += 1) {
    const end = at + 4 + bytes.readInt32BE(at);
    texts.push(bytes.toString('utf8', at + 4, end));
    at = end;
  }
  return texts;
}
