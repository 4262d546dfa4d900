/**
 * One row of the table.
 *
 * @param of.bench - What is measured; `against` is what it is compared with.
 * @param of.ratio - The ratio of the two.
 * @param of.atLeast - The bar; or `atMost`.
 * @param of.isElseGood - False if something other than the ratio is wrong.
 * @param of.figures - The measurements, as text.
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
