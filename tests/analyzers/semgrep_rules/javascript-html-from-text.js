function show(element, user, sanitize, escapeHtml) {
  // ruleid: javascript-html-from-text
  element.innerHTML = "<b>" + user.name + "</b>";
  // ruleid: javascript-html-from-text
  element.innerHTML = `<b>${user.name}</b>`;
  // ruleid: javascript-html-from-text
  element.insertAdjacentHTML("beforeend", "<li>" + user.name);
  // ok: javascript-html-from-text
  element.innerHTML = "<b>nobody</b>";
  // ok: javascript-html-from-text
  element.textContent = "name: " + user.name;
  // ok: javascript-html-from-text
  element.innerHTML = sanitize("<b>" + user.name + "</b>");
  // ok: javascript-html-from-text
  element.innerHTML = `<b>${escapeHtml(user.name)}</b>`;
}
