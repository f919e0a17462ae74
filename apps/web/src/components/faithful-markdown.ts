/** What this needs of a node of a Markdown tree (mdast). */
export type MarkdownNode = {
  type: string;
  value?: string;
  url?: string;
  lang?: string | null;
  align?: (string | null)[];
  children?: MarkdownNode[];
  data?: object;
  position?: { start: { offset?: number }; end: { offset?: number } };
};
type Processor = { data(): { micromarkExtensions?: unknown[] } };

/**
 * Constructs of CommonMark and GFM that would hide or change characters of a text: tags, references by character or by label, escapes,
 * and code by indentation. Each stays the characters that it is made of. The names are those of micromark.
 */
const literalConstructs = [
  'htmlFlow',
  'htmlText',
  'codeIndented',
  'definition',
  'characterReference',
  'characterEscape',
  'hardBreakEscape',
  'gfmFootnoteDefinition',
  'gfmFootnoteCall',
  'gfmPotentialFootnoteCall',
];

/**
 * Makes Markdown show the whole text: a remark plugin after which every character of the source is visible, but for the marks that Markdown turns
 * into what they stand for. Tags are text, single line breaks are kept, `*` and `_` within a word are themselves, links show their addresses,
 * code its language, lists the numbers they were given, and tables every cell.
 */
export function faithfulMarkdown(this: unknown) {
  // oxlint-disable-next-line oxc/no-this-in-exported-function -- unified gives a plugin its processor as `this`
  const data = (this as Processor).data();
  (data.micromarkExtensions ??= []).push({ disable: { null: literalConstructs } });
  return (tree: unknown, file: unknown): void => {
    const source = String(file);
    const root = tree as MarkdownNode;
    root.children = rewriteAll(root.children ?? [], { source, inCell: false, nested: false });
  };
}

type Place = {
  source: string;
  inCell: boolean;
  /** In a list, a quotation or a table, where lines begin with the marks of that. */
  nested: boolean;
};

const nesting = new Set(['list', 'blockquote', 'table']);

const rewriteAll = (nodes: readonly MarkdownNode[], place: Place): MarkdownNode[] => nodes.flatMap((node) => rewrite(node, place));

function rewrite(node: MarkdownNode, place: Place): MarkdownNode[] {
  const inside = { ...place, inCell: place.inCell || node.type === 'tableCell', nested: place.nested || nesting.has(node.type) };
  const children = node.children && rewriteAll(node.children, inside);
  const written = sourceOf(node, place.source);
  switch (node.type) {
    case 'text':
      return place.nested ? withBreaks(node.value ?? '') : withIndentation(node, written, place.source);
    case 'inlineCode':
      // In a table a bar is escaped within code too.
      return [place.inCell ? { ...node, value: /^(`+) ?([^]*?) ?\1$/.exec(written)?.[2] ?? node.value ?? '' } : node];
    case 'emphasis':
    case 'strong':
    case 'delete':
      return marksAreText(node, place.source) ? withMarks(node, children ?? [], place.source) : [{ ...node, children: children ?? [] }];
    case 'link':
      return [{ ...node, children: children ?? [] }, ...addressOf(node, written, place.source)];
    case 'image':
      return asLink(node, written);
    case 'code':
      return [...languageOf(written), node];
    case 'listItem':
      return [{ ...node, children: children ?? [], data: numberOf(written) }];
    case 'table':
      return [withAllCells({ ...node, children: children ?? [] })];
    default:
      return [children === undefined ? node : { ...node, children }];
  }
}

function sourceOf({ position }: MarkdownNode, source: string): string {
  return source.slice(position?.start.offset ?? 0, position?.end.offset ?? 0);
}

const text = (value: string): MarkdownNode => ({ type: 'text', value });

/** Unlike Markdown's own break, it lets blanks stand behind it. */
const lineBreak = (): MarkdownNode => ({ type: 'lineBreak', data: { hName: 'br' }, children: [] });

const lineEnd = /\r\n|\n|\r/;

function withBreaks(value: string, indentations: readonly string[] = []): MarkdownNode[] {
  return value.split(lineEnd).flatMap((line, index) => {
    const indentation = indentations[index] ?? '';
    const blank = { ...text(indentation), data: { hName: 'span', hProperties: { className: ['indentation'] } } };
    return [...(index === 0 ? [] : [lineBreak()]), ...(indentation === '' ? [] : [blank]), text(line)];
  });
}

/** Blanks at the beginning of a line, which the parser leaves out. */
function withIndentation({ value = '', position }: MarkdownNode, written: string, source: string): MarkdownNode[] {
  const before = source.slice(0, position?.start.offset ?? 0);
  const begun = before.slice(before.search(/[^\r\n]*$/));
  const lines = written.split(lineEnd);
  return withBreaks(value, [/^[ \t]*$/.test(begun) ? begun : '', ...lines.slice(1).map((line) => /^[ \t]*/.exec(line)?.[0] ?? '')]);
}

/** A letter, digit or underscore that words are made of; scripts without spaces between words set marks anywhere. */
const wordCharacter = /[[\p{L}\p{N}_]--[\p{sc=Han}\p{sc=Hira}\p{sc=Kana}\p{sc=Hang}\p{sc=Thai}\p{sc=Laoo}\p{sc=Khmr}\p{sc=Mymr}]]/v;

/** Whether what looks like emphasis is a part of a word, a name such as `__init__`, or escaped. */
function marksAreText(node: MarkdownNode, source: string): boolean {
  const [start, end] = [node.position?.start.offset ?? 0, node.position?.end.offset ?? 0];
  const [opening, closing] = marksOf(node, source);
  const content = source.slice(start + opening.length, end - closing.length);
  const before = source.slice(0, start).at(-1) ?? '';
  if (before === '\\' || content.endsWith('\\')) return true;
  if (opening.startsWith('_') && !/\s/.test(content)) return true;
  return opening.startsWith('*') && (wordCharacter.test(before) || wordCharacter.test(source.charAt(end)));
}

function marksOf({ position, children = [] }: MarkdownNode, source: string): [string, string] {
  const [start, end] = [position?.start.offset ?? 0, position?.end.offset ?? 0];
  const first = children[0]?.position?.start.offset ?? end;
  const last = children.at(-1)?.position?.end.offset ?? end;
  return [source.slice(start, first), source.slice(last, end)];
}

function withMarks(node: MarkdownNode, children: MarkdownNode[], source: string): MarkdownNode[] {
  const [opening, closing] = marksOf(node, source);
  return [text(opening), ...children, text(closing)];
}

/** Where a link leads and its title, as they are written behind it; nothing for an address that is its own text. */
function addressOf(node: MarkdownNode, written: string, source: string): MarkdownNode[] {
  if (!written.startsWith('[')) return [];
  const [, closing] = marksOf(node, source);
  const address = node.children?.length === 0 ? written.slice(written.indexOf(']') + 1) : closing.slice(1);
  return [text(' '), ...withBreaks(address)];
}

/** An image would tell its host who reads: it is a link, with its description as the text. */
function asLink({ url = '', position }: MarkdownNode, written: string): MarkdownNode[] {
  const at = written.lastIndexOf('](');
  const [alternative, address] = [written.slice(2, at), written.slice(at + 1)];
  return [{ type: 'link', url, children: withBreaks(alternative || url), position }, text(' '), ...withBreaks(address)];
}

/** What stands behind the fence that opens code. */
function languageOf(written: string): MarkdownNode[] {
  const information = /^[`~]{3,}[ \t]*(.*)/.exec(written)?.[1]?.trim() ?? '';
  if (information === '') return [];
  return [{ type: 'paragraph', data: { hProperties: { className: ['code-language'] } }, children: [text(information)] }];
}

function numberOf(written: string): { hProperties?: { value: number } } {
  const number = /^\s*(\d{1,9})[.)]/.exec(written)?.[1];
  return number === undefined ? {} : { hProperties: { value: Number(number) } };
}

/** Rows may have more cells than the head of their table. */
function withAllCells(table: MarkdownNode): MarkdownNode {
  const rows = table.children ?? [];
  const width = Math.max(...rows.map((row) => row.children?.length ?? 0));
  const align = Array.from({ length: width }, (_, column) => table.align?.[column] ?? null);
  return { ...table, align };
}
