async function pick(users, isAllowed) {
  // ruleid: javascript-async-predicate
  const allowed = users.filter(async (user) => await isAllowed(user));
  // ruleid: javascript-async-predicate
  const any = users.some(async (user) => {
    return isAllowed(user);
  });
  // ok: javascript-async-predicate
  const answers = await Promise.all(users.map(async (user) => isAllowed(user)));
  // ok: javascript-async-predicate
  const kept = users.filter((user, index) => answers[index]);
  // ok: javascript-async-predicate
  users.onChange(async (user) => isAllowed(user));
  return [allowed, any, kept];
}
