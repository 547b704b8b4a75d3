// Sign webhook payloads with Octokit and post them as GitHub does; a line of JSON for each answer on standard output.
//   node deliver.mjs URL EVENT < payload.json     one payload
//   node deliver.mjs URL --examples               all of @octokit/webhooks-examples, each also with a broken signature
// The secret is read from WEBHOOK_SECRET.
import { randomUUID } from "node:crypto";
import { createRequire } from "node:module";
import { text } from "node:stream/consumers";
import { sign } from "@octokit/webhooks-methods";

const [url, event] = process.argv.slice(2);
const secret = process.env.WEBHOOK_SECRET;

async function post(event, body, signature, delivery) {
  const response = await fetch(url, {
    method: "POST",
    headers: {
      "content-type": "application/json",
      "user-agent": "GitHub-Hookshot/0000000",
      "x-github-delivery": delivery,
      "x-github-event": event,
      "x-github-hook-id": "1",
      "x-github-hook-installation-target-id": "1",
      "x-github-hook-installation-target-type": "integration",
      "x-hub-signature-256": signature,
    },
    body,
  });
  return { status: response.status, body: await response.text() };
}

async function deliver(event, payload, isForgedToo) {
  const body = typeof payload === "string" ? payload : JSON.stringify(payload);
  const signature = await sign(secret, body);
  const delivery = randomUUID();
  const broken = signature.replace(/.$/, (digit) => (digit === "0" ? "1" : "0"));
  const forged = isForgedToo ? await post(event, body, broken, randomUUID()) : undefined;
  const answer = await post(event, body, signature, delivery);
  console.log(JSON.stringify({ event, action: payload.action, delivery, ...answer, forged: forged?.status }));
}

if (event === "--examples") {
  for (const { name, examples } of createRequire(import.meta.url)("@octokit/webhooks-examples")) {
    for (const payload of examples) await deliver(name, payload, true);
  }
} else {
  await deliver(event, await text(process.stdin), false);
}
