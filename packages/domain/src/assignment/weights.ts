/**
 * What the order of one reviewer's queue goes by, in hours of waiting: how many hours longer than another a text would have to
 * wait to come first all the same. Waiting itself counts hour for hour and without end, so nothing is passed over for ever.
 */
export const assignmentWeights = {
  /** The text was edited, and this reviewer has judged the version before: they see at once whether it is better. */
  reviewedBefore: 24,
  /** For somebody who is always right in the category, against one who never is. */
  skill: 48,
  /** So many verdicts in a category are taken as `usualSkill` before any is known. */
  skillPrior: 4,
  usualSkill: 0.8,
  /** Less for every one of this reviewer's last verdicts in the same category, and on texts of the same author: variety keeps the eye fresh, and nobody is judged by one person alone. */
  sameCategory: 0.5,
  sameAuthor: 6,
  lastVerdicts: 12,
  /** Less for every time lately that this reviewer passed on the category (or on the language) as not theirs. */
  passedOnCategory: 24,
  passedOnLanguage: 24,
  passedOnDays: 30,
  /** Two people who ask at the same moment shall not want the same text. */
  jitter: 1,
} as const;

/** Seats at the head of the queue that are weighed against each other for whoever asks. */
export const assignmentWindow = 16;

/**
 * Seats at the head of the queue of which somebody who is not proven gets one at random, always the same one as long as it is there, where a floor holds: whoever makes an account for it
 * does not come to a friend's text that way.
 */
export const strangersWindow = 64;

/** Of so many people texts have to wait in a category before somebody who is not proven may ask for it by name: the choice would tell whose text they get. */
export const strangersAuthors = 8;

/** What so many people have passed on is a moderator's. */
export const mostSkips = 8;

/** A seat that nobody of those who review may take for so long is a moderator's. */
export const stuckAfterDays = 3;

/** Whoever gave a verdict within so many days counts as reviewing. */
export const activeReviewerDays = 30;
