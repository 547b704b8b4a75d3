async function load(url) {
  try {
    // ruleid: javascript-fetch-escapes-try
    return fetch(url);
  } catch (error) {
    return null;
  }
}

const api = {
  async read(url) {
    try {
      console.log(url);
      // ruleid: javascript-fetch-escapes-try
      return fetch(url, { method: "GET" });
    } catch (error) {
      return undefined;
    }
  },
};

async function careful(url, other) {
  try {
    // ok: javascript-fetch-escapes-try
    return await fetch(url);
  } catch (error) {
    // ok: javascript-fetch-escapes-try
    return fetch(other);
  }
}

async function plain(url) {
  // ok: javascript-fetch-escapes-try
  return fetch(url);
}
