import "../support/guard.ts";
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import process from "node:process";
import { test } from "node:test";
import { startAzure } from "../support/azure/start_azure.ts";
import { type ProgramBuild, programBuilds } from "../support/builds.ts";
import { startSubject, store, type Subject } from "../real/proxy/subject.ts";
import { bodyOf, fieldOf, REFUSED } from "../real/proxy/upstream.ts";
import type { Wire } from "../real/proxy/wire.ts";

// A proxy that is asked for a quarter of an hour, while its secret is rotated every ten seconds and the old one is revoked at once.
// SOAK_REQUESTS=5000 asks for less than half a minute at the same pace: whether the soak itself works; memory is then shown alone.

const ALL = 200_000;
const REQUESTS = Number(process.env["SOAK_REQUESTS"] ?? ALL);
/** Requests before those that count, as fast as they go: a runtime takes what it works with bit by bit, and slowly at the soak's pace. */
const WARM = REQUESTS / 5;
const CLIENTS = 16;
const MINUTES = 15;
const ROTATION_MS = 10_000;

/**
 * How much the memory of the last tenth may exceed that of the second. Memory of the process' own: the pages of its executable, which
 * the kernel takes away and reads back as it likes, are 40 MiB more or less.
 */
const DRIFT = 0.05;

const ownMibOf = (pid: number): number =>
  Number(/^RssAnon:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1]) / 1024;

const sleep = (ms: number): Promise<void> => new Promise((go) => setTimeout(go, ms));

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

/** Sends a request on a client's connection, and gives the body of what comes back. */
async function ask(wire: Wire, { id, size, fields }: { id: number; size: number; fields: string }): Promise<string> {
  await wire.say(`POST /soak?id=${id} HTTP/1.1\r\n${fields}Content-Length: ${size}\r\n\r\n${"x".repeat(size)}`);
  let text = "";
  const more = async (): Promise<void> => {
    const part = await wire.hear(/[^]/);
    if (part === "") throw new Error(`the proxy ended the connection behind ${JSON.stringify(text.slice(0, 200))}`);
    text += part;
  };
  while (!text.includes("\r\n\r\n")) await more();
  const end = text.indexOf("\r\n\r\n") + 4;
  const length = Number(fieldOf(text.slice(0, end), "content-length") ?? 0);
  while (text.length < end + length) await more();
  return `${text.slice(9, 12)} ${text.slice(end)}`;
}

interface Soaked {
  readonly asked: number;
  readonly rotations: number;
  readonly wrong: readonly string[];
  readonly ownMib: readonly number[];
}

async function soak(build: ProgramBuild): Promise<Soaked> {
  await using azure = await startAzure();
  await using subject: Subject = await startSubject(build, { azure, env: { MLFLOW_SECRETS_LOG_LEVEL: "INFO" } });
  const { upstream, fields, pid } = subject;
  upstream.on("/soak", async (asked) => {
    const body = await bodyOf(asked);
    const known = fieldOf(asked.head, "authorization") === `Bearer ${upstream.accepts}`;
    const answer = `${/id=(\d+)/.exec(asked.head)?.[1]} ${body.length}`;
    await asked.wire.say(known ? `HTTP/1.1 200 OK\r\nContent-Length: ${answer.length}\r\n\r\n${answer}` : REFUSED);
    return true;
  });
  const wrong: string[] = [];
  const ownMib: number[] = [];
  const startedAt = Date.now();
  let asked = 0;
  let rotations = 0;
  const rotate = (): void => {
    const token = `canary-token-${++rotations}`;
    store(azure, token);
    upstream.accepts = token;
  };
  rotate();
  const timer = setInterval(rotate, ROTATION_MS);
  const client = async (): Promise<void> => {
    using wire = await subject.send("");
    while (asked < WARM + REQUESTS) {
      const id = asked++;
      // Paced, so that it takes as long as it has to.
      const dueAt = startedAt + Math.max(0, id - WARM) / ALL * MINUTES * 60_000;
      if (dueAt > Date.now()) await sleep(dueAt - Date.now());
      if (id >= WARM && id % Math.ceil(REQUESTS / 1000) === 0) ownMib.push(ownMibOf(pid));
      const size = id * 7919 % 16_384;
      const answer = await ask(wire, { id, size, fields });
      if (answer !== `200 ${id} ${size}`) wrong.push(answer.slice(0, 200));
    }
  };
  await Promise.all(Array.from({ length: CLIENTS }, client));
  clearInterval(timer);
  return { asked, rotations, wrong, ownMib };
}

for (const build of programBuilds().filter(({ name }) => name !== "source")) {
  test(
    `a proxy loses no request of a quarter of an hour, and keeps its size (${build.name})`,
    { skip: build.skip },
    async () => {
      const { asked, rotations, wrong, ownMib } = await soak(build);
      const tenth = Math.floor(ownMib.length / 10);
      const [second, last] = [mean(ownMib.slice(tenth, 2 * tenth)), mean(ownMib.slice(-tenth))];
      console.log(
        `${build.name}: ${asked} requests, ${rotations} rotations, ${wrong.length} wrong, ` +
          `${second.toFixed(1)} MiB in the second tenth, ${last.toFixed(1)} in the last`,
      );
      assert.deepEqual(wrong, []);
      assert.equal(asked, WARM + REQUESTS);
      if (REQUESTS >= ALL) {
        assert.ok(last <= second * (1 + DRIFT), `grew from ${second.toFixed(1)} to ${last.toFixed(1)} MiB`);
      }
    },
  );
}
