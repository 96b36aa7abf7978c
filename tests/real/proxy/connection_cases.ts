import assert from "node:assert/strict";
import type { Case } from "./subject.ts";
import { bodyOf, fieldOf, OK } from "./upstream.ts";

const statusOf = (answer: string): number => Number(answer.slice(9, 12));

/** How connections are used, on both sides. */
export const CONNECTION_CASES: readonly Case[] = [
  {
    name: "one connection to the server serves one request after another",
    run: async ({ send, fields, upstream }) => {
      const turns: number[] = [];
      upstream.on("/turns", async ({ wire, turn }) => {
        turns.push(turn);
        await wire.say(OK);
        return true;
      });
      using wire = await send("");
      for (let count = 0; count < 3; count++) {
        await wire.say(`GET /turns HTTP/1.1\r\n${fields}\r\n`);
        assert.ok((await wire.hear("ok")).endsWith("ok"));
      }
      assert.deepEqual(turns.map((turn) => turn - (turns[0] ?? 0)), [0, 1, 2]);
    },
  },
  ...(["GET", "POST"] as const).map((method): Case => ({
    name: `a used connection that the server has closed is no failure: ${method}`,
    run: async ({ send, fields, upstream }) => {
      upstream.on("/stale", async (asked) => {
        await bodyOf(asked);
        await asked.wire.say(OK);
        return false;
      });
      const body = method === "POST" ? "Content-Length: 3\r\n\r\nabc" : "\r\n";
      for (let count = 0; count < 10; count++) {
        using wire = await send(`${method} /stale HTTP/1.1\r\n${fields}${body}`);
        assert.ok((await wire.hear("ok")).endsWith("ok"));
      }
    },
  })),
  {
    name: "a used connection that ends before a byte of an answer is tried once more, with the body",
    run: async ({ send, fields, upstream }) => {
      const turns: number[] = [];
      upstream.on("/once-more", async (asked) => {
        turns.push(asked.turn);
        assert.equal(await bodyOf(asked), "abc");
        if (asked.turn > 1) return false;
        await asked.wire.say(OK);
        return true;
      });
      using wire = await send("");
      for (let count = 0; count < 2; count++) {
        await wire.say(`POST /once-more HTTP/1.1\r\n${fields}Content-Length: 3\r\n\r\nabc`);
        assert.ok((await wire.hear("ok")).endsWith("ok"));
      }
      assert.ok(turns.includes(1));
    },
  },
  {
    name: "a fresh connection that ends without an answer is a 502, and not tried again",
    run: async ({ send, fields, upstream }) => {
      let asked = 0;
      upstream.on("/silent-end", ({ turn }) => {
        if (turn === 1) asked++;
        return Promise.resolve(false);
      });
      using wire = await send(`GET /silent-end HTTP/1.1\r\n${fields}\r\n`);
      assert.equal(statusOf(await wire.hear("}")), 502);
      assert.equal(asked, 1);
    },
  },
  {
    name: "a server that wants the connection closed gets no more requests on it",
    run: async ({ send, fields, upstream }) => {
      const turns: number[] = [];
      upstream.on("/close", async ({ wire, turn }) => {
        turns.push(turn);
        await wire.say(OK.replace("\r\n", "\r\nConnection: close\r\n"));
        await wire.read();
        return false;
      });
      for (let count = 0; count < 3; count++) {
        using wire = await send(`GET /close HTTP/1.1\r\n${fields}\r\n`);
        assert.ok((await wire.hear("ok")).endsWith("ok"));
      }
      assert.deepEqual(turns.slice(1), [1, 1]);
    },
  },
  {
    name: "a client that wants the connection closed gets that",
    run: async ({ send, fields }) => {
      using wire = await send(`GET /bye HTTP/1.1\r\n${fields}Connection: close\r\n\r\n`);
      assert.match(await wire.hearAll(), /\r\nConnection: close\r\n\r\nok$/);
      using old = await send(`GET /bye HTTP/1.0\r\n${fields}\r\n`);
      assert.match(await old.hearAll(), /\r\nConnection: close\r\n\r\nok$/);
      using keeping = await send(`GET /bye HTTP/1.0\r\n${fields}Connection: keep-alive\r\n\r\n`);
      assert.match(await keeping.hear("ok"), /\r\nConnection: keep-alive\r\n\r\nok$/);
    },
  },
  {
    name: "a client that goes while it waits ends the server's request",
    run: async ({ send, fields, upstream }) => {
      const ended = Promise.withResolvers<void>();
      upstream.on("/gone", async ({ wire }) => {
        await wire.hearAll();
        ended.resolve();
        return false;
      });
      const wire = await send(`GET /gone HTTP/1.1\r\n${fields}\r\n`);
      while (!upstream.heads.some((head) => head.startsWith("GET /gone "))) {
        await new Promise((go) => setTimeout(go, 5));
      }
      wire.close();
      await ended.promise;
    },
  },
  {
    name: "a client that goes within its answer ends the server's answer",
    run: async ({ send, fields, upstream }) => {
      const ended = Promise.withResolvers<void>();
      upstream.on("/gone-within", async ({ wire }) => {
        await wire.say("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc");
        await wire.hearAll();
        ended.resolve();
        return false;
      });
      const wire = await send(`GET /gone-within HTTP/1.1\r\n${fields}\r\n`);
      await wire.hear("abc");
      wire.close();
      await ended.promise;
    },
  },
  {
    name: "an upload in chunks that is cut never looks whole to the server",
    run: async ({ send, fields, upstream }) => {
      const got = Promise.withResolvers<string>();
      upstream.on("/cut", async ({ wire }) => {
        got.resolve(await wire.hearAll());
        return false;
      });
      const wire = await send(`PUT /cut HTTP/1.1\r\n${fields}Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n`);
      while (!upstream.heads.some((head) => head.startsWith("PUT /cut "))) await new Promise((go) => setTimeout(go, 5));
      wire.close();
      assert.equal(await got.promise, "3\r\nabc\r\n");
    },
  },
  ...([
    ["of a known length", "Content-Length: 9\r\n\r\nabc"],
    ["in chunks", "Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n"],
  ] as const).map(([name, answer]): Case => ({
    name: `an answer that is cut cuts the client off: ${name}`,
    run: async ({ send, fields, upstream }) => {
      upstream.on("/cut-answer", async ({ wire }) => {
        await wire.say(`HTTP/1.1 200 OK\r\n${answer}`);
        return false;
      });
      using wire = await send(`GET /cut-answer HTTP/1.1\r\n${fields}\r\n`);
      const text = await wire.hearAll();
      assert.ok(text.includes("abc") && !text.includes("0\r\n\r\n"));
    },
  })),
  {
    name: "an answer that only the connection ends arrives whole",
    run: async ({ send, fields, upstream }) => {
      upstream.on("/until-close", async ({ wire }) => {
        await wire.say("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nabc");
        await wire.say("def");
        return false;
      });
      using wire = await send(`GET /until-close HTTP/1.1\r\n${fields}Connection: close\r\n\r\n`);
      const body = (await wire.hearAll()).split("\r\n\r\n").slice(1).join("\r\n\r\n");
      assert.equal(body.replace(/(^|\r\n)[0-9a-f]+\r\n/g, "").replace(/\r\n/g, ""), "abcdef");
    },
  },
  {
    name: "a client that waits for 100 Continue gets it, and the server sees no Expect",
    run: async ({ send, fields, upstream }) => {
      let expect: string | undefined = "unseen";
      upstream.on("/continue", async (asked) => {
        expect = fieldOf(asked.head, "expect");
        await bodyOf(asked);
        await asked.wire.say(OK);
        return true;
      });
      using wire = await send(`PUT /continue HTTP/1.1\r\n${fields}Expect: 100-continue\r\nContent-Length: 3\r\n\r\n`);
      assert.equal(await wire.hear("\r\n\r\n"), "HTTP/1.1 100 Continue\r\n\r\n");
      await wire.say("abc");
      assert.ok((await wire.hear("ok")).endsWith("ok"));
      assert.equal(expect, undefined);
    },
  },
  {
    name: "a client without the key that waits for 100 Continue gets 401",
    run: async ({ send, port }) => {
      using wire = await send(
        `PUT / HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\n`,
      );
      assert.equal(statusOf(await wire.hearAll()), 401);
    },
  },
  {
    name: "an answer before the end of a large upload arrives, and is not lost to a reset",
    run: async ({ send, fields, upstream }) => {
      upstream.on("/early", async ({ wire }) => {
        await wire.read();
        await wire.say("HTTP/1.1 413 Content Too Large\r\nContent-Length: 9\r\nConnection: close\r\n\r\ntoo large");
        // As servers do that want to be heard.
        await wire.shut();
        await wire.hearAll();
        return false;
      });
      for (let count = 0; count < 5; count++) {
        using wire = await send(`PUT /early HTTP/1.1\r\n${fields}Content-Length: 50000000\r\n\r\n`);
        const sending = (async () => {
          const part = new Uint8Array(65536);
          for (let sent = 0; sent < 4_000_000; sent += part.length) await wire.write(part);
        })().catch(() => {});
        const answer = await wire.hear("too large");
        assert.equal(statusOf(answer), 413);
        assert.equal(fieldOf(answer, "connection"), "close");
        await sending;
      }
    },
  },
  {
    name: "a hundred slow requests do not delay a fast one",
    run: async ({ send, fields, upstream }) => {
      const released = Promise.withResolvers<void>();
      let waiting = 0;
      upstream.on("/slow", async ({ wire }) => {
        waiting++;
        await released.promise;
        await wire.say(OK);
        return true;
      });
      const slow = await Promise.all(Array.from({ length: 100 }, () => send(`GET /slow HTTP/1.1\r\n${fields}\r\n`)));
      while (waiting < 100) await new Promise((go) => setTimeout(go, 5));
      using fast = await send(`GET /fast HTTP/1.1\r\n${fields}\r\n`);
      assert.ok((await fast.hear("ok")).endsWith("ok"));
      released.resolve();
      for (const wire of slow) {
        assert.ok((await wire.hear("ok")).endsWith("ok"));
        wire.close();
      }
    },
  },
  {
    name: "a flood of silent connections does not keep a request out",
    run: async ({ send, fields }) => {
      const silent = await Promise.all(Array.from({ length: 400 }, () => send("")));
      using wire = await send(`GET /flood HTTP/1.1\r\n${fields}\r\n`);
      assert.ok((await wire.hear("ok")).endsWith("ok"));
      for (const one of silent) one.close();
    },
  },
  {
    name: "a flood of requests without the key is answered, and none of it forwarded",
    run: async ({ send, port, upstream }) => {
      const before = upstream.heads.length;
      const answers = await Promise.all(Array.from({ length: 200 }, async () => {
        using wire = await send(`GET / HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\n\r\n`);
        return statusOf(await wire.hearAll());
      }));
      assert.deepEqual([new Set(answers), upstream.heads.length], [new Set([401]), before]);
    },
  },
  {
    name: "a server that is gone is a 502 that says so",
    run: async ({ send, fields, upstream }) => {
      upstream.on("/last", async ({ wire }) => {
        await wire.say(OK.replace("\r\n", "\r\nConnection: close\r\n"));
        return false;
      });
      upstream[Symbol.dispose]();
      let answer = "";
      for (let count = 0; count < 100 && statusOf(answer) !== 502; count++) {
        using wire = await send(`GET /last HTTP/1.1\r\n${fields}Connection: close\r\n\r\n`);
        answer = await wire.hearAll();
      }
      assert.match(answer, /Cannot reach tracking server \\"localhost:\d+\\"/);
    },
  },
];
