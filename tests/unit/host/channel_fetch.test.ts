import assert from "node:assert/strict";
import { test } from "node:test";
import { fetchByChannel, readResponse } from "../../../src/host/channel_fetch.ts";
import type { Address, Sockets, Way } from "../../../src/core/sockets.ts";

const headOf = (...lines: readonly string[]): string => [...lines, "", ""].join("\r\n");

test("readResponse() reads a body by its length, by chunks and to the end", async () => {
  const ok = "HTTP/1.1 200 OK";
  const bodies = [
    `${headOf(ok, "Content-Length: 2")}{}more`,
    `${headOf(ok, "Transfer-Encoding: chunked")}1\r\n{\r\n1;a=b\r\n}\r\n0\r\n\r\n`,
    `${headOf(ok)}{}`,
  ];
  for (const text of bodies) assert.equal(await readResponse(text).text(), "{}");
});

test("readResponse() refuses an answer that is none, or cut off", () => {
  const cut = [
    "",
    "hello",
    "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n",
    `${headOf("HTTP/1.1 200 OK", "Content-Length: 3")}{}`,
    `${headOf("HTTP/1.1 200 OK", "Transfer-Encoding: chunked")}5\r\n{}`,
  ];
  for (const text of cut) assert.throws(() => readResponse(text), /connection closed: Incomplete/);
});

test("fetchByChannel() connects to the URL's host with the name and roots it is given, and closes", async () => {
  const seen: { to?: Address; way?: Way; sent: string; closed: number } = { sent: "", closed: 0 };
  const answer = [new TextEncoder().encode(`${headOf("HTTP/1.1 400 Bad", "X-A: b")}no`)];
  const sockets: Pick<Sockets, "connect"> & Sockets = {
    listen: () => Promise.reject(new Error("not asked")),
    connect: (to, way) => {
      Object.assign(seen, { to, way });
      return Promise.resolve({
        read: () => Promise.resolve(answer.shift() ?? null),
        write: (bytes) => {
          seen.sent += new TextDecoder().decode(bytes);
          return Promise.resolve();
        },
        shut: () => Promise.resolve(),
        close: () => void (seen.closed += 1),
      });
    },
  };
  const request = new Request("https://10.0.0.1:6443/t/token?a=b", { method: "POST", body: "c=d" });
  const response = await fetchByChannel(request, { extraRoots: "PEM", serverName: "a.aks" }, sockets);
  assert.deepEqual([response.status, response.headers.get("x-a"), await response.text()], [400, "b", "no"]);
  assert.deepEqual(seen.to, { hostname: "10.0.0.1", port: 6443 });
  assert.deepEqual(seen.way, { extraRoots: "PEM", serverName: "a.aks", tls: true, timeoutMs: 5000 });
  assert.match(
    seen.sent,
    /^POST \/t\/token\?a=b HTTP\/1\.1\r\nhost: 10\.0\.0\.1:6443\r\n[^]*content-length: 3\r\nconnection: close\r\n\r\nc=d$/,
  );
  assert.equal(seen.closed, 1);
});
