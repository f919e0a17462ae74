/** A sentence in which `marks` set code, as the descriptions of formats and our own notes have it. */
export function CodeText({ text }: { text: string }) {
  return text.split('`').map((part, index) =>
    index % 2 === 1 ? (
      // oxlint-disable-next-line react/no-array-index-key -- parts have no other name than their place
      <code key={index}>{part}</code>
    ) : (
      part
    ),
  );
}
