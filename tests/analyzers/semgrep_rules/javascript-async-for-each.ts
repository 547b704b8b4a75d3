export async function save(rows: Row[], store: Store): Promise<void> {
  // ruleid: javascript-async-for-each
  rows.forEach(async (row) => {
    await store.put(row);
  });
  // ruleid: javascript-async-for-each
  rows.forEach(async row => store.put(row));
  // ruleid: javascript-async-for-each
  rows.forEach(async function (row) { await store.put(row); });
  // ok: javascript-async-for-each
  await Promise.all(rows.map(async (row) => store.put(row)));
  // ok: javascript-async-for-each
  rows.forEach((row) => { row.done = true; });
  // ok: javascript-async-for-each
  for (const row of rows) { await store.put(row); }
}
