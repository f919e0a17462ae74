import type { TextNormalisation } from '@granary/contract';
import { normaliseText } from '@granary/domain';

type Texts = {
  instruction?: { text: string; context?: { text: string } | undefined } | undefined;
  response?: { text: string } | undefined;
};

/** A contribution or edit with its texts normalised as the dataset asks. */
export function withNormalTexts<T extends object>(given: T, normalisations: readonly TextNormalisation[]): T {
  if (normalisations.length === 0) return given;
  const normal = <P extends { text: string }>(part: P): P => ({ ...part, text: normaliseText(part.text, normalisations) });
  const { instruction, response } = given as Texts;
  return {
    ...given,
    ...(instruction === undefined
      ? {}
      : {
          instruction: { ...normal(instruction), ...(instruction.context === undefined ? {} : { context: normal(instruction.context) }) },
        }),
    ...(response === undefined ? {} : { response: normal(response) }),
  };
}
