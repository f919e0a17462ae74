/**
 * What a parser of Markdown takes more than linear time for, and how much of it a text may have. Each is far above what people write in a
 * text of the greatest length, and keeps the worst text under a fifth of a second.
 */
const most = {
  /** Quotations and lists within each other on one line. */
  nesting: 40,
  /** Cells of tables, among them those that a short row is filled up with. */
  cells: 4_000,
  /** Lines that begin an item, a heading or code, or underline a heading. */
  blocks: 1_000,
  underlines: 300,
  /** Runs of `*`, `_` and `~`. */
  emphasis: 2_000,
  brackets: 2_000,
  openBrackets: 30,
};

const containerMarks = /^[ \t]*(?:(?:>|[-+*](?=[ \t])|\d{1,9}[.)](?=[ \t]))[ \t]*)+/;
const containerMark = />|[-+*]|\d{1,9}[.)]/g;
const delimiterRow = /^[ \t>]*\|?[ \t]*:?-+:?[ \t]*(?:\|[ \t]*:?-+:?[ \t]*)*\|?[ \t]*$/;
const blockMark = /^[ \t>]*(?:[-+*]|\d{1,9}[.)]|#{1,6}|`{3}|~{3})(?=[ \t]|$|[`~])/;
const underline = /^[ \t>]*(?:=+|-+)[ \t]*$/;
const lineEnd = /\r\n|\n|\r/;
const emphasisRun = /\*+|_+|~+/g;
const bracket = /[[\]]/g;

/**
 * Whether a text's Markdown would take a browser seconds, or more memory than it has: marks nested thousands deep, a table of millions of cells,
 * which a few thousand characters are enough for. Nobody writes such a thing to be read as Markdown. Looks at every character a few times at most.
 */
export function isIntricate(text: string): boolean {
  return (text.match(emphasisRun)?.length ?? 0) > most.emphasis || hasManyBrackets(text) || hasManyBlocks(text.split(lineEnd));
}

function hasManyBrackets(text: string): boolean {
  let all = 0;
  let open = 0;
  let deepest = 0;
  for (const [each] of text.matchAll(bracket)) {
    all += 1;
    open = Math.max(0, open + (each === '[' ? 1 : -1));
    deepest = Math.max(deepest, open);
  }
  return all > most.brackets || deepest > most.openBrackets;
}

function hasManyBlocks(lines: readonly string[]): boolean {
  let [cells, columns, blocks, underlines] = [0, 0, 0, 0];
  for (const line of lines) {
    const [marks = ''] = containerMarks.exec(line) ?? [];
    if (marks.length > most.nesting && (marks.match(containerMark)?.length ?? 0) > most.nesting) return true;
    if (line.includes('|') && delimiterRow.test(line)) columns = line.split('|').length;
    else if (line.trim() === '') columns = 0;
    cells += columns;
    blocks += Number(blockMark.test(line));
    underlines += Number(underline.test(line));
  }
  return cells > most.cells || blocks > most.blocks || underlines > most.underlines;
}
