function send(frame, origin, token, port) {
  // ruleid: javascript-message-to-any-origin
  frame.contentWindow.postMessage({ token }, "*");
  // ruleid: javascript-message-to-any-origin
  window.parent.postMessage(token, "*");
  // ok: javascript-message-to-any-origin
  window.parent.postMessage(token, origin);
  // ok: javascript-message-to-any-origin
  port.postMessage({ token });
  // ok: javascript-message-to-any-origin
  frame.contentWindow.postMessage("*", origin);
}
