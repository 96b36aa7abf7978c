import assert from "node:assert/strict";
import type { Case, Subject } from "./subject.ts";

const statusOf = (answer: string): number => Number(answer.slice(9, 12));

/** The status of the first answer to a text, which is the only thing that is said on its connection. */
async function ask({ send }: Subject, text: string): Promise<number> {
  using wire = await send(text);
  return statusOf(await wire.hear("\r\n\r\n"));
}

/** A case that a request is answered so, and that the tracking server hears nothing of it. */
const refused = (name: string, status: number | readonly number[], text: (subject: Subject) => string): Case => ({
  name,
  run: async (subject) => {
    const before = subject.upstream.heads.length;
    const got = await ask(subject, text(subject));
    assert.ok([status].flat().includes(got), `answered ${got}`);
    assert.equal(subject.upstream.heads.length, before, "the tracking server was asked");
  },
});

const forwarded = (name: string, text: (subject: Subject) => string): Case => ({
  name,
  run: async (subject) => assert.equal(await ask(subject, text(subject)), 200),
});

const get = (fields: string, target = "/gate"): string => `GET ${target} HTTP/1.1\r\n${fields}\r\n`;
const host = ({ port }: Subject): string => `Host: 127.0.0.1:${port}\r\n`;

/** Who is let in. */
export const GATE_CASES: readonly Case[] = [
  forwarded("the key as bearer token", ({ fields }) => get(fields)),
  forwarded("the key as a password", (own) => get(`${host(own)}Authorization: Basic ${btoa(`x:${own.key}`)}\r\n`)),
  forwarded(
    "the key as first segment, beside another credential",
    (own) => get(`${host(own)}Authorization: Basic ${btoa("from:netrc")}\r\n`, `/${own.key}/gate`),
  ),
  forwarded(
    "localhost as Host",
    ({ fields, port }) => get(fields.replace("127.0.0.1", "localhost") + `X-P: ${port}\r\n`),
  ),
  forwarded("its own origin", ({ fields, port }) => get(`${fields}Origin: http://127.0.0.1:${port}\r\n`)),
  refused("no key", 401, (own) => get(host(own))),
  refused("another key", 401, (own) => get(`${host(own)}Authorization: Bearer mlflow-auth-${"x".repeat(43)}\r\n`)),
  refused("a key that is longer", 401, (own) => get(`${host(own)}Authorization: Bearer ${own.key}x\r\n`)),
  refused("a key that is shorter", 401, (own) => get(`${host(own)}Authorization: Bearer ${own.key.slice(0, -1)}\r\n`)),
  refused("the key in another field", 401, (own) => get(`${host(own)}X-Api-Key: ${own.key}\r\n`)),
  refused("the key in the query", 401, (own) => get(host(own), `/gate?key=${own.key}`)),
  refused("the key as second segment", 401, (own) => get(host(own), `/gate/${own.key}`)),
  refused("two Authorization fields", 400, ({ fields, key }) => get(`${fields}Authorization: Bearer ${key}\r\n`)),
  refused("a body without the key", 401, (own) => `POST / HTTP/1.1\r\n${host(own)}Content-Length: 5\r\n\r\nhello`),
  refused("no Host", 400, ({ key }) => get(`Authorization: Bearer ${key}\r\n`)),
  refused("two Hosts", 400, (own) => get(`${own.fields}${host(own)}`)),
  refused("a foreign Host", 403, ({ key }) => get(`Host: rebound.example\r\nAuthorization: Bearer ${key}\r\n`)),
  refused(
    "a Host that begins like loopback",
    403,
    ({ key }) => get(`Host: 127.0.0.1.rebound.example\r\nAuthorization: Bearer ${key}\r\n`),
  ),
  refused("a Host with a user", 403, ({ key }) => get(`Host: x@127.0.0.1\r\nAuthorization: Bearer ${key}\r\n`)),
  refused("a foreign Origin", 403, ({ fields }) => get(`${fields}Origin: https://page.example\r\n`)),
  refused("the Origin of a sandbox", 403, ({ fields }) => get(`${fields}Origin: null\r\n`)),
  refused(
    "a probe for a page of another site",
    403,
    (own) => get(`${host(own)}Origin: https://page.example\r\n`, "/-/ready"),
  ),
  refused("a foreign Host at a probe", 403, () => get("Host: rebound.example\r\n", "/-/ready")),
  refused("an absolute target", 400, ({ fields, port }) => get(fields, `http://127.0.0.1:${port}/gate`)),
  refused("an absolute target elsewhere", 400, ({ fields }) => get(fields, "http://other.example/")),
  refused("CONNECT", [400, 405], ({ fields }) => `CONNECT other.example:443 HTTP/1.1\r\n${fields}\r\n`),
  refused("OPTIONS of everything", 400, ({ fields }) => `OPTIONS * HTTP/1.1\r\n${fields}\r\n`),
  refused("TRACE, whose answer would show the credential", 405, ({ fields }) => `TRACE / HTTP/1.1\r\n${fields}\r\n`),
  refused(
    "WebSocket",
    501,
    ({ fields }) => get(`${fields}Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n`),
  ),
  refused(
    "h2c",
    501,
    ({ fields }) => get(`${fields}Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAM\r\n`),
  ),
  refused("the preface of HTTP/2", 400, () => "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"),
  refused("TLS", 400, () => "\x16\x03\x01\x00\xa5\x01\x00\x00\xa1\x03\x03"),
  refused(
    "an expectation that is not understood",
    417,
    ({ fields }) => `PUT / HTTP/1.1\r\n${fields}Expect: 200-ok\r\nContent-Length: 1\r\n\r\nx`,
  ),
  refused("a page of its own that is not there", 404, ({ fields }) => get(fields, "/-/metrics")),
  refused("the end without the key", 401, (own) => `POST /-/end HTTP/1.1\r\n${host(own)}Content-Length: 0\r\n\r\n`),
  {
    name: "a browser without the key goes to the server's own page",
    run: async (subject) => {
      using wire = await subject.send(get(`${host(subject)}Accept: text/html,*/*;q=0.8\r\n`, "/"));
      assert.match(
        await wire.hearAll(),
        new RegExp(`^HTTP/1.1 302 Found\r\n(.*\r\n)*Location: http://localhost:${subject.upstream.port}/\r\n`),
      );
    },
  },
  {
    name: "both probes need no key",
    run: async (subject) => {
      for (const page of ["ready", "live"]) assert.equal(await ask(subject, get(host(subject), `/-/${page}`)), 200);
    },
  },
  ...[
    "//other.example/x",
    "/@other.example/",
    "/\\other.example/",
    "/:80/x",
    "/..//other.example",
    "/%2f%2fother.example",
  ].map((
    target,
  ): Case => ({
    name: `a target that would be elsewhere as a URL stays a path: ${target}`,
    run: async (subject) => {
      assert.equal(await ask(subject, get(subject.fields, target)), 200);
      assert.equal(subject.upstream.heads.at(-1)?.split("\r\n")[0], `GET ${target} HTTP/1.1`);
    },
  })),
];
