function grid(rows, columns, list) {
  // ruleid: javascript-fill-with-one-object
  const a = new Array(rows).fill([]);
  // ruleid: javascript-fill-with-one-object
  const b = Array(rows).fill({ count: 0 });
  // ok: javascript-fill-with-one-object
  const c = new Array(rows).fill(0);
  // ok: javascript-fill-with-one-object
  const d = Array.from({ length: rows }, () => new Array(columns).fill(null));
  // ok: javascript-fill-with-one-object
  const e = new Array(rows).fill().map(() => []);
  return [a, b, c, d, e];
}
