import assert from "node:assert/strict";
import type { Case, Subject } from "./subject.ts";
import { bodyOf } from "./upstream.ts";

const statusOf = (answer: string): number => Number(answer.slice(9, 12));

/** Requests that two readers may understand differently: each must be answered 400, and never reach the server. */
const AMBIGUOUS: Readonly<Record<string, (fields: string) => string>> = {
  "a length and chunks": (own) =>
    `POST / HTTP/1.1\r\n${own}Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
  "chunks and a length": (own) =>
    `POST / HTTP/1.1\r\n${own}Transfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n0\r\n\r\n`,
  "two lengths": (own) => `POST / HTTP/1.1\r\n${own}Content-Length: 1\r\nContent-Length: 2\r\n\r\nab`,
  "the same length twice": (own) => `POST / HTTP/1.1\r\n${own}Content-Length: 1\r\nContent-Length: 1\r\n\r\na`,
  "a list of lengths": (own) => `POST / HTTP/1.1\r\n${own}Content-Length: 1, 1\r\n\r\na`,
  "a length with a sign": (own) => `POST / HTTP/1.1\r\n${own}Content-Length: +5\r\n\r\nhello`,
  "a negative length": (own) => `POST / HTTP/1.1\r\n${own}Content-Length: -5\r\n\r\nhello`,
  "a hexadecimal length": (own) => `POST / HTTP/1.1\r\n${own}Content-Length: 0x5\r\n\r\nhello`,
  "a length that overflows": (own) => `POST / HTTP/1.1\r\n${own}Content-Length: 18446744073709551621\r\n\r\nhello`,
  "an empty length": (own) => `POST / HTTP/1.1\r\n${own}Content-Length:\r\n\r\nhello`,
  "chunks twice": (own) =>
    `POST / HTTP/1.1\r\n${own}Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
  "chunks in a list": (own) => `POST / HTTP/1.1\r\n${own}Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n`,
  "another coding": (own) => `POST / HTTP/1.1\r\n${own}Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n`,
  "a coding that looks like chunks": (own) => `POST / HTTP/1.1\r\n${own}Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n`,
  "a vertical tab before chunks": (own) => `POST / HTTP/1.1\r\n${own}Transfer-Encoding: \x0bchunked\r\n\r\n0\r\n\r\n`,
  "a blank before the colon": (own) => `POST / HTTP/1.1\r\n${own}Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n`,
  "a folded line": (own) => `POST / HTTP/1.1\r\n${own}Transfer-Encoding:\r\n chunked\r\n\r\n0\r\n\r\n`,
  "a blank before the first field": (own) => `GET / HTTP/1.1\r\n ${own}\r\n`,
  "a bare line feed": (own) => `GET / HTTP/1.1\r\n${own}X: 1\nY: 2\r\n\r\n`,
  "a bare carriage return": (own) => `GET / HTTP/1.1\r\n${own}X: 1\rY: 2\r\n\r\n`,
  "a NUL": (own) => `GET / HTTP/1.1\r\n${own}X: a\0b\r\n\r\n`,
  "a name that is none": (own) => `GET / HTTP/1.1\r\n${own}X(1): a\r\n\r\n`,
  "a line without a colon": (own) => `GET / HTTP/1.1\r\n${own}X\r\n\r\n`,
  "chunks in HTTP/1.0": (own) => `POST / HTTP/1.0\r\n${own}Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
  "HTTP/0.9": () => "GET /\r\n\r\n",
  "HTTP/1.2": (own) => `GET / HTTP/1.2\r\n${own}\r\n`,
  "a blank in the target": (own) => `GET /a b HTTP/1.1\r\n${own}\r\n`,
  "a method that is none": (own) => `G@T / HTTP/1.1\r\n${own}\r\n`,
};

/** Bodies whose chunks are malformed: answered 400, and what reached the server does not look whole. */
const MALFORMED: Readonly<Record<string, string>> = {
  "a size that is none": "zz\r\nab\r\n0\r\n\r\n",
  "a size with a sign": "+2\r\nab\r\n0\r\n\r\n",
  "a size with 0x": "0x2\r\nab\r\n0\r\n\r\n",
  "a size with an extension": "2;a=b\r\nab\r\n0\r\n\r\n",
  "a size that overflows": "fffffffffffffffff\r\nab\r\n0\r\n\r\n",
  "a bare line feed behind a size": "2\nab\r\n0\r\n\r\n",
  "data longer than its size": "2\r\nabc\r\n0\r\n\r\n",
  "a trailer that names the framing": "2\r\nab\r\n0\r\nContent-Length: 1\r\n\r\n",
};

/** A request that is answered 400 by the proxy alone, whatever follows it on the connection. */
async function refuse({ send, fields, upstream }: Subject, text: string): Promise<void> {
  const before = upstream.heads.length;
  using wire = await send(`${text}GET /smuggled HTTP/1.1\r\n${fields}\r\n`);
  const answers = (await wire.hearAll()).match(/^HTTP\/1.1 \d+/gm);
  assert.deepEqual(answers, ["HTTP/1.1 400"]);
  assert.equal(upstream.heads.length, before, "the tracking server was asked");
}

/** Where messages end. */
export const FRAMING_CASES: readonly Case[] = [
  ...Object.entries(AMBIGUOUS).map(([name, text]): Case => ({
    name: `ambiguous: ${name}`,
    run: (subject) => refuse(subject, text(subject.fields)),
  })),
  ...Object.entries(MALFORMED).map(([name, body]): Case => ({
    name: `chunks: ${name}`,
    run: async ({ send, fields, upstream }) => {
      let whole = false;
      upstream.on("/chunks", async (asked) => {
        whole = (await bodyOf(asked)).includes("0\r\n\r\n");
        return false;
      });
      using wire = await send(`POST /chunks HTTP/1.1\r\n${fields}Transfer-Encoding: chunked\r\n\r\n${body}`);
      const answers = (await wire.hearAll()).match(/^HTTP\/1.1 \d+/gm);
      assert.deepEqual([answers, whole], [["HTTP/1.1 400"], false]);
    },
  })),
  {
    name: "a GET with a body in chunks is forwarded as it is",
    run: async ({ send, fields, upstream }) => {
      let body = "";
      upstream.on("/get-chunks", async (asked) => {
        body = await bodyOf(asked);
        await asked.wire.say("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
        return true;
      });
      using wire = await send(
        `GET /get-chunks HTTP/1.1\r\n${fields}Transfer-Encoding: chunked\r\n\r\n2\r\nab\r\n0\r\n\r\n`,
      );
      assert.equal(statusOf(await wire.hear("\r\n\r\n")), 200);
      assert.equal(body, "2\r\nab\r\n0\r\n\r\n");
    },
  },
  {
    name: "a body in chunks keeps them, and its trailers",
    run: async ({ send, fields, upstream }) => {
      const body = "3\r\nabc\r\nA\r\n0123456789\r\n0\r\nX-Sum: 1\r\n\r\n";
      let got = "";
      upstream.on("/keep-chunks", async ({ wire }) => {
        got = await wire.hear("X-Sum: 1\r\n\r\n");
        await wire.say("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
        return true;
      });
      using wire = await send(`PUT /keep-chunks HTTP/1.1\r\n${fields}Transfer-Encoding: chunked\r\n\r\n`);
      for (const part of [body.slice(0, 4), body.slice(4, 17), body.slice(17)]) await wire.say(part);
      assert.equal(statusOf(await wire.hear("\r\n\r\n")), 200);
      assert.equal(got, body);
    },
  },
  {
    name: "a body of no bytes in chunks, as MLflow sends an empty file",
    run: async ({ send, fields, upstream }) => {
      let body = "";
      upstream.on("/empty", async (asked) => {
        body = await bodyOf(asked);
        await asked.wire.say("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
        return true;
      });
      using wire = await send(`PUT /empty HTTP/1.1\r\n${fields}Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n`);
      assert.equal(statusOf(await wire.hear("\r\n\r\n")), 200);
      assert.equal(body, "0\r\n\r\n");
    },
  },
  {
    name: "a head of 64 KiB, and none that is larger",
    run: async ({ send, fields }) => {
      const line = `GET /large HTTP/1.1\r\n${fields}X: `;
      for (const [bytes, status] of [[65536, 200], [65537, 431], [200_000, 431]] as const) {
        using wire = await send(`${line}${"x".repeat(bytes - line.length - 4)}\r\n\r\n`);
        assert.equal(statusOf(await wire.hear("\r\n\r\n")), status);
      }
    },
  },
  {
    name: "a head that comes byte by byte",
    run: async ({ send, fields }) => {
      using wire = await send("");
      for (const unit of `GET /slow HTTP/1.1\r\n${fields}\r\n`) await wire.say(unit);
      assert.equal(statusOf(await wire.hear("\r\n\r\n")), 200);
    },
  },
  {
    name: "requests that come one behind the other",
    run: async ({ send, fields }) => {
      using wire = await send(
        `GET /1 HTTP/1.1\r\n${fields}\r\nPOST /2 HTTP/1.1\r\n${fields}Content-Length: 3\r\n\r\nabcGET /3 HTTP/1.1\r\n${fields}Connection: close\r\n\r\n`,
      );
      assert.equal((await wire.hearAll()).match(/HTTP\/1\.1 200/g)?.length, 3);
    },
  },
];
