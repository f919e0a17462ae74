import { qualificationNeeds, type Role } from '@granary/contract';
import { roleAtLeast } from '../permissions.ts';

/** What is on record of somebody in a dataset. `knownVerdicts`: reviews and calibration items whose outcome is known. */
export type Standing = { role: Role; qualified: boolean; knownVerdicts: number };

/** Whether somebody's word counts as that of a person the dataset knows: a moderator, or somebody who has shown how they judge. */
export const isProven = ({ role, qualified, knownVerdicts }: Standing): boolean =>
  roleAtLeast(role, 'moderator') || qualified || knownVerdicts >= qualificationNeeds.provenReviews;
