function order(words, numbers) {
  // ruleid: javascript-numbers-sorted-as-text
  const a = words.map(Number).sort();
  // ruleid: javascript-numbers-sorted-as-text
  const b = words.map((word) => word.length).sort();
  // ruleid: javascript-numbers-sorted-as-text
  const c = [10, 9, 1].sort();
  // ok: javascript-numbers-sorted-as-text
  const d = words.map(Number).sort((x, y) => x - y);
  // ok: javascript-numbers-sorted-as-text
  const e = ["b", "a"].sort();
  // ok: javascript-numbers-sorted-as-text
  const f = words.map((word) => word.trim()).sort();
  return [a, b, c, d, e, f];
}
