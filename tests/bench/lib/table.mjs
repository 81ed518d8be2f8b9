// Numbers, and how they are told.

export function median(numbers) {
  return quantile(numbers, 0.5);
}

export function quantile(numbers, at) {
  const sorted = [...numbers].sort((one, other) => one - other);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * at))] ?? NaN;
}

export function printTable(heads, rows) {
  const line = (cells) => `| ${cells.join(' | ')} |`;
  console.log(line(heads));
  console.log(line(heads.map((_, at) => (at === 0 ? '---' : '---:'))));
  for (const row of rows) console.log(line(row));
}

/** Says how a ratio stands to its budget; gives whether it is kept. */
export function judge(what, ratio, budget, kept) {
  console.log(`${kept ? 'kept  ' : 'MISSED'}  ${what}: ${ratio.toFixed(2)} × (budget ${budget})`);
  return kept;
}
