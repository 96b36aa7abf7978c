import assert from "node:assert/strict";
import { type Case, FIRST, type Subject } from "./subject.ts";
import { fieldOf, type Handler } from "./upstream.ts";

/** What the tracking server sees of a request with these fields more. */
async function seen({ send, fields, upstream }: Subject, more: string, method = "GET"): Promise<string> {
  using wire = await send(`${method} /fields?b=2&a=%20 HTTP/1.1\r\n${fields}${more}\r\n`);
  await wire.hear("\r\n\r\n");
  return upstream.heads.at(-1) ?? "";
}

/** What a client sees of an answer. */
async function answered(
  { send, fields, upstream }: Subject,
  answer: string,
  request = "GET /answer HTTP/1.1\r\n",
): Promise<string> {
  const handler: Handler = async ({ wire }) => {
    await wire.say(answer);
    return false;
  };
  upstream.on("/answer", handler);
  using wire = await send(`${request}${fields}Connection: close\r\n\r\n`);
  return await wire.hearAll();
}

/** What is passed on of heads. */
export const FIELD_CASES: readonly Case[] = [
  {
    name: "the credential takes the key's place",
    run: async (subject) => assert.equal(fieldOf(await seen(subject, ""), "authorization"), `Bearer ${FIRST}`),
  },
  {
    name: "Host is the server's own",
    run: async (subject) =>
      assert.equal(fieldOf(await seen(subject, ""), "host"), `localhost:${subject.upstream.port}`),
  },
  {
    name: "method, path and query are kept as they were",
    run: async (subject) => assert.match(await seen(subject, "", "PATCH"), /^PATCH \/fields\?b=2&a=%20 HTTP\/1\.1\r\n/),
  },
  {
    name: "order, case and bytes of fields are kept, and nothing is added",
    run: async (subject) => {
      const own = "x-B: 1\r\nX-a: caf\xe9\r\nX-a: 2\r\nUser-Agent: mlflow-python-client/3\r\n";
      const [, ...lines] = (await seen(subject, own)).split("\r\n");
      const rest = lines.filter((line) => !/^(?:host|authorization):/i.test(line));
      assert.equal(rest.map((line) => `${line}\r\n`).join(""), own);
      assert.equal(lines.length, rest.length + 2);
    },
  },
  ...[
    ["Connection: X-Secret\r\nX-Secret: 1\r\n", "x-secret"],
    ["Keep-Alive: timeout=5\r\n", "keep-alive"],
    ["Proxy-Authorization: Basic eDp5\r\n", "proxy-authorization"],
    ["Proxy-Connection: keep-alive\r\n", "proxy-connection"],
    ["TE: trailers\r\n", "te"],
    ["Trailer: X-Sum\r\n", "trailer"],
    ["Upgrade: foo\r\nConnection: upgrade\r\n", "upgrade"],
    ["Origin: http://localhost\r\n", "origin"],
    ["Referer: http://localhost/\r\n", "referer"],
    ["Connection: keep-alive, Keep-Alive\r\n", "connection"],
  ].map(([more = "", name = ""]): Case => ({
    name: `the server does not see ${name}`,
    run: async (subject) => assert.equal(fieldOf(await seen(subject, more), name), undefined),
  })),
  {
    name: "a client cannot take the credential or the Host away by listing them",
    run: async (subject) => {
      const head = await seen(subject, "Connection: close, Authorization, Host\r\n");
      assert.deepEqual([fieldOf(head, "authorization"), fieldOf(head, "host")], [
        `Bearer ${FIRST}`,
        `localhost:${subject.upstream.port}`,
      ]);
    },
  },
  {
    name: "an answer keeps status, reason, fields and bytes, and loses what is hop by hop",
    run: async (subject) => {
      const kept =
        "X-B: 1\r\nx-a: caf\xe9\r\nSet-Cookie: a=1\r\nSet-Cookie: b=2\r\nContent-Encoding: gzip\r\nContent-Length: 3\r\n";
      const hop = "Connection: close, X-Hop\r\nX-Hop: 1\r\nKeep-Alive: 5\r\nProxy-Authenticate: Basic\r\n";
      const answer = await answered(subject, `HTTP/1.1 299 Odd Reason\r\n${hop}${kept}\r\n\x1f\x8b\xff`);
      assert.equal(answer, `HTTP/1.1 299 Odd Reason\r\n${kept}Connection: close\r\n\r\n\x1f\x8b\xff`);
    },
  },
  ...([
    ["its own origin", (port: number) => `http://localhost:${port}/a?b#c`, "/a?b#c"],
    ["a login page", () => "https://login.example/?next=1", "https://login.example/?next=1"],
    ["a path", () => "/a", "/a"],
  ] as const).map(([name, from, to]): Case => ({
    name: `a redirect to ${name}`,
    run: async (subject) => {
      const location = from(subject.upstream.port);
      const answer = await answered(
        subject,
        `HTTP/1.1 302 Found\r\nLocation: ${location}\r\nContent-Length: 0\r\n\r\n`,
      );
      assert.equal(fieldOf(answer, "location"), to);
    },
  })),
  ...([
    ["204", "GET", "HTTP/1.1 204 No Content\r\n\r\n"],
    ["304", "GET", "HTTP/1.1 304 Not Modified\r\nContent-Length: 9\r\nETag: x\r\n\r\n"],
    ["HEAD", "HEAD", "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n"],
  ] as const).map(([name, method, answer]): Case => ({
    name: `an answer without a body: ${name}`,
    run: async (subject) => {
      const got = await answered(subject, answer, `${method} /answer HTTP/1.1\r\n`);
      assert.equal(got, answer.replace(/\r\n\r\n$/, "\r\nConnection: close\r\n\r\n"));
    },
  })),
  {
    name: "206 keeps its range and length",
    run: async (subject) => {
      const answer = "HTTP/1.1 206 Partial Content\r\nContent-Range: bytes 0-2/9\r\nContent-Length: 3\r\n\r\nabc";
      assert.equal(await answered(subject, answer), answer.replace("3\r\n", "3\r\nConnection: close\r\n"));
    },
  },
  {
    name: "answers that announce another are swallowed",
    run: async (subject) => {
      const answer = await answered(
        subject,
        "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok",
      );
      assert.deepEqual(answer.match(/^HTTP\/1.1 \d+/gm), ["HTTP/1.1 200"]);
    },
  },
  {
    name: "a switch of protocols is refused",
    run: async (subject) =>
      assert.match(
        await answered(subject, "HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n"),
        /^HTTP\/1\.1 502 /,
      ),
  },
  {
    name: "trailers of an answer arrive",
    run: async (subject) => {
      const body = "2\r\nab\r\n0\r\nX-Sum: 1\r\n\r\n";
      const answer = await answered(subject, `HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n${body}`);
      assert.equal(answer.slice(-body.length), body);
    },
  },
  {
    name: "an HTTP/1.0 client gets no chunks",
    run: async (subject) => {
      const answer = await answered(
        subject,
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n0\r\n\r\n",
        "GET /answer HTTP/1.0\r\n",
      );
      assert.equal(answer, "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nab");
    },
  },
  ...[
    "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\nok",
    "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\nok",
    "HTTP/1.1 200 OK\r\nContent-Length: two\r\n\r\nok",
    "HTTP/1.1 200 OK\r\nA : 1\r\n\r\n",
    "HTTP/1.1 200 OK\r\nA: 1\n\r\n",
    "HTTP/2 200\r\n\r\n",
    "no HTTP at all\r\n\r\n",
  ].map((answer): Case => ({
    name: `an answer that cannot be passed on: ${JSON.stringify(answer.slice(0, 60))}`,
    run: async (subject) => assert.match(await answered(subject, answer), /^HTTP\/1\.1 502 /),
  })),
];
