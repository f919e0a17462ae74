/**
 * What opens something for whoever holds it: one-time links (also when they are encoded inside another address), personal
 * access tokens, refresh and session tokens, secrets of webhooks.
 */
const secrets: readonly (readonly [pattern: RegExp, replacement: string])[] = [
  [/(token(?:=|%3D|%253D|\\?":\s*\\?"))[\w.~%+-]{8,}/gi, '$1[redacted]'],
  [/\bgrn_[\w-]{16,}/g, 'grn_[redacted]'],
  [/\bwhsec_[\w+/=-]{16,}/g, 'whsec_[redacted]'],
  [/\b([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\.[\w-]{43}/g, '$1.[redacted]'],
  [/\beyJ[\w-]+\.eyJ[\w-]+\.[\w-]*/g, '[redacted]'],
];

/** The text without secrets. The only place that takes them out: every log line passes through here, at every level. */
export function redact(text: string): string {
  let safe = text;
  for (const [pattern, replacement] of secrets) safe = safe.replace(pattern, replacement);
  return safe;
}

/** Where log lines go: each is cleared of secrets first. */
export function redactedStream(write: (line: string) => void = (line) => void process.stdout.write(line)) {
  return { write: (line: string) => write(redact(line)) };
}
