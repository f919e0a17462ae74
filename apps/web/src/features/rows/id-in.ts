const uuid = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/i;

/** The row's id in what somebody pastes: the id itself, or a line of a file, whose `id` counts before other ids in it. */
export function idIn(pasted: string): string | null {
  const named = new RegExp(`"id"\\s*:\\s*"(${uuid.source})`, 'i').exec(pasted)?.[1];
  return (named ?? uuid.exec(pasted)?.[0])?.toLowerCase() ?? null;
}
