/** Whether a key belongs to an input method that is putting a character together: it chooses a candidate, and means nothing else. */
export function isComposing({ isComposing: composing, keyCode }: Pick<KeyboardEvent, 'isComposing' | 'keyCode'>): boolean {
  // Safari ends the composition before it tells of the key that ended it; only this old code still says so.
  return composing || keyCode === 229;
}
