/** How often each verdict was given on one revision, in the order of `verdicts`. */
export type VerdictUnit = readonly number[];

export type AgreementFigures = {
  /** Krippendorff's alpha: 1 is perfect, 0 what chance gives, below that people contradict each other; null where it says nothing. */
  alpha: number | null;
  /** Share of the pairs of verdicts on one revision that are the same; null without any pair. */
  raw: number | null;
  /** Revisions with at least two verdicts. */
  revisions: number;
};

/**
 * How well people agree who judged the same things. Krippendorff's alpha for nominal data, which allows for any number of
 * verdicts per thing: K. Krippendorff, "Computing Krippendorff's Alpha-Reliability" (2011), and the share of agreeing pairs. Takes
 * time linear in the number of units.
 */
export function agreementAmong(units: Iterable<VerdictUnit>): AgreementFigures {
  const totals: number[] = [];
  let [pairable, revisions, disagreement, samePairs, allPairs] = [0, 0, 0, 0, 0];
  for (const unit of units) {
    const size = unit.reduce((sum, count) => sum + count, 0);
    if (size < 2) continue;
    revisions += 1;
    pairable += size;
    const same = unit.reduce((sum, count) => sum + count * (count - 1), 0);
    disagreement += (size * (size - 1) - same) / (size - 1);
    samePairs += same;
    allPairs += size * (size - 1);
    for (const [verdict, count] of unit.entries()) totals[verdict] = (totals[verdict] ?? 0) + count;
  }
  const expected = pairable * (pairable - 1) - totals.reduce((sum, count) => sum + count * (count - 1), 0);
  return {
    // Where everybody always said the same there is nothing that chance could be told from.
    alpha: expected <= 0 ? null : 1 - ((pairable - 1) * disagreement) / expected,
    raw: allPairs === 0 ? null : samePairs / allPairs,
    revisions,
  };
}

/** All verdicts on one revision, and which of them this reviewer gave (index in the order of `verdicts`). */
export type SharedUnit = { unit: VerdictUnit; own: number };

/**
 * How one person agrees with the others who judged the same things. Raw: the share of their pairs with others that are the same, each thing
 * counting alike. Alpha: one minus that disagreement over what chance would give among all verdicts on these things (the expected disagreement of
 * Krippendorff's alpha), so that 1 is perfect and 0 what chance gives.
 */
export function agreementWithOthers(shared: Iterable<SharedUnit>): AgreementFigures {
  const totals: number[] = [];
  let [revisions, disagreement, all] = [0, 0, 0];
  for (const { unit, own } of shared) {
    const size = unit.reduce((sum, count) => sum + count, 0);
    if (size < 2) continue;
    revisions += 1;
    disagreement += 1 - ((unit[own] ?? 0) - 1) / (size - 1);
    all += size;
    for (const [verdict, count] of unit.entries()) totals[verdict] = (totals[verdict] ?? 0) + count;
  }
  const pairs = all * (all - 1);
  const expected = pairs === 0 ? 0 : (pairs - totals.reduce((sum, count) => sum + count * (count - 1), 0)) / pairs;
  return {
    alpha: revisions === 0 || expected <= 0 ? null : 1 - disagreement / revisions / expected,
    raw: revisions === 0 ? null : 1 - disagreement / revisions,
    revisions,
  };
}
