/** What a form is told when the category wants a passage and there is none. */
export const contextMissing = {
  path: 'instruction.context.text',
  message: 'Paste the passage that the answer rests on: this category needs one',
};
