export function numbers(words: string[]): number[] {
  // ruleid: javascript-parse-int-in-map
  const a = words.map(parseInt);
  // ruleid: javascript-parse-int-in-map
  const b = "1,2".split(",").map(parseInt);
  // ok: javascript-parse-int-in-map
  const c = words.map((word) => parseInt(word, 10));
  // ok: javascript-parse-int-in-map
  const d = words.map(Number);
  // ok: javascript-parse-int-in-map
  const e = words.map(parseFloat);
  return [...a, ...b, ...c, ...d, ...e];
}
