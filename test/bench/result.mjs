/**
 * One line of the table.
 *
 * @param of.bench - what is measured, and `against` what.
 * @param of.ratio - of the two.
 * @param of.atLeast - or `atMost`: the bar.
 * @param of.isElseGood - false when something beside the ratio is not as it should be.
 * @param of.figures - what was measured, in words.
 */
export function result({ bench, against, ratio, atLeast, atMost, isElseGood = true, figures }) {
  const isGood = isElseGood && (atLeast === undefined ? ratio <= atMost : ratio >= atLeast);
  const bar = atLeast === undefined ? `at most ${atMost}` : `at least ${atLeast}`;
  return { bench, against, ratio, bar, isGood, figures };
}

export function median(numbers) {
  const sorted = numbers.toSorted((one, other) => one - other);
  return sorted[Math.floor(sorted.length / 2)];
}
