import type { ReviewPolicy } from '@granary/contract';
import { counted, share } from './wording.ts';

/** How a dataset comes to its decisions, in sentences. */
export function policyInWords(policy: ReviewPolicy): string {
  const sentences = [policy.openReview ? 'Any signed-in volunteer may review.' : 'Only people with the role of a reviewer review.'];
  if (policy.kind === 'fixed') {
    sentences.push(
      `A text is approved as soon as ${counted(policy.approvals, 'review')} approve it, rejected when ${counted(policy.rejections, 'review')} reject it, and sent back when ${counted(policy.changeRequests, 'review')} ask for changes; verdicts are counted alike.`,
    );
  } else {
    sentences.push(
      `Verdicts are weighed by how reliable each reviewer has proved. A text is decided when ${counted(policy.minReviews, 'review')} or more make the outcome sure enough: approval at a probability of ${share(policy.approveAt)}, rejection at ${share(policy.rejectAt)}, changes at ${share(policy.changesAt)}.`,
    );
  }
  if (policy.floor === 'proven_pair')
    sentences.push(
      'Whatever the numbers, at least two people have to agree, and one of them has to be proven: a moderator, somebody who passed the qualification, or somebody with ten reviews whose outcome is known.',
    );
  sentences.push(`After ${counted(policy.maxReviews, 'review')} without a decision a moderator decides.`);
  if (policy.qualification)
    sentences.push(
      `New reviewers first judge ${counted(policy.qualification.items, 'text')} whose right verdict is known, ${policy.qualification.needed} of them as expected.`,
    );
  if (policy.calibrationRate) sentences.push(`About ${share(policy.calibrationRate)} of the review tasks are such texts too, unannounced.`);
  return sentences.join(' ');
}
