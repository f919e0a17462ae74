import type { RatingDimension, TextNormalisation, ReviewPolicy, Selection } from '@granary/contract';
import type { CorpusSummary } from '../summary.ts';
import type { CardFile } from './metadata.ts';

/** What a snapshot changed against the one before it, which `since` names; null for the first. */
export type ChangelogEntry = {
  snapshot: number;
  since: number | null;
  added: number;
  edited: number;
  retracted: number;
  removed: number;
  notes: string;
  createdAt: string;
};

/** Who wrote what a snapshot holds, in numbers; a pair can count in more than one. */
export type ContributorCounts = {
  /** People who are named in it. */
  named: number;
  /** Pairs with a text by somebody who is not named. */
  anonymousPairs: number;
  /** Pairs with a text that was taken over from another collection. */
  importedPairs: number;
};

export type CardInput = {
  dataset: {
    slug: string;
    title: string;
    description: string;
    licence: string;
    isDemo: boolean;
    guidelines: string;
    terms: string;
    termsVersion: number;
    /** What is done to texts on their way in. */
    normalisations: readonly TextNormalisation[];
    dimensions: readonly RatingDimension[];
    /** Null where it cannot be told. */
    policy: ReviewPolicy | null;
    policyVersion: number;
  };
  categories: readonly { slug: string; title: string; guideline: string; targetCount: number }[];
  snapshot: number;
  createdAt: string;
  selection: Selection;
  notes: string;
  summary: CorpusSummary;
  contributors: ContributorCounts;
  files: readonly CardFile[];
  /** Names of files beside the data and what each is, such as the list of retracted rows. */
  otherFiles: readonly { name: string; format: string; description: string }[];
  /** Pictures, by name without folder and ending. */
  plots: readonly { name: string; title: string }[];
  /** Of every snapshot up to this one, newest first; this one is the first of them. */
  changelog: readonly ChangelogEntry[];
  /** Selected pairs that were left out, because they are near-duplicates of pairs in another split than theirs. */
  withheld: number;
  /** Address of the folder with the files, without a slash at its end; null when the deployment does not know its own. */
  filesUrl: string | null;
  /** Address of the deployment, for `HF_ENDPOINT`. */
  serverUrl: string | null;
};
