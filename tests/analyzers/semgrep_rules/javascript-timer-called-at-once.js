function begin(refresh, debounce, makeTick) {
  // ruleid: javascript-timer-called-at-once
  setTimeout(refresh(), 1000);
  // ruleid: javascript-timer-called-at-once
  const timer = setInterval(refresh("all"), 60 * 1000);
  // ok: javascript-timer-called-at-once
  setTimeout(refresh, 1000);
  // ok: javascript-timer-called-at-once
  setTimeout(() => refresh("all"), 1000);
  // ok: javascript-timer-called-at-once
  setTimeout(refresh.bind(null, "all"), 1000);
  // ok: javascript-timer-called-at-once
  setInterval(makeTick(3), 1000);
  return timer;
}
