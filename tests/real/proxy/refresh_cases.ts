import assert from "node:assert/strict";
import type { Azure } from "../../support/azure/start_azure.ts";
import { FIRST, store, type Subject, type SubjectOptions } from "./subject.ts";
import { bodyOf, fieldOf, OK, REFUSED } from "./upstream.ts";

/** One thing that a proxy of its own has to do right. */
export interface RefreshCase {
  readonly name: string;
  readonly options?: (tls: Pick<SubjectOptions, "tls" | "root">) => Partial<SubjectOptions>;
  readonly run: (subject: Subject, azure: Azure) => Promise<void>;
}

const MIB = 1024 * 1024;
const statusOf = (answer: string): number => Number(answer.slice(9, 12));

async function get({ send, fields }: Subject, path = "/refresh"): Promise<string> {
  using wire = await send(`GET ${path} HTTP/1.1\r\n${fields}Connection: close\r\n\r\n`);
  return await wire.hearAll();
}

/** How often the vault was read for a secret. */
const readsOf = (azure: Azure): number =>
  azure.requests.filter(({ service, status }) => service === "vault" && status === 200).length;

const NEXT = "canary-token-2";

/** The vault and the server change to another token at once. */
function rotate({ upstream }: Subject, azure: Azure, token = NEXT): void {
  store(azure, token);
  upstream.accepts = token;
}

/** How the credential is held. */
export const REFRESH_CASES: readonly RefreshCase[] = [
  {
    name: "a rotation with the old token revoked at once loses no request of many, and reads once",
    run: async (subject, azure) => {
      subject.upstream.accepts = FIRST;
      assert.equal(statusOf(await get(subject)), 200);
      rotate(subject, azure);
      const before = readsOf(azure);
      const answers = await Promise.all(Array.from({ length: 40 }, () => get(subject)));
      assert.deepEqual(new Set(answers.map(statusOf)), new Set([200]));
      assert.equal(readsOf(azure) - before, 1);
    },
  },
  {
    name: "a body is sent once more with the new token, one in chunks and one of 8 MiB too",
    run: async (subject, azure) => {
      const { send, fields, upstream } = subject;
      upstream.accepts = FIRST;
      rotate(subject, azure);
      const bodies: number[] = [];
      upstream.on("/replay", async (asked) => {
        const body = await bodyOf(asked);
        const known = fieldOf(asked.head, "authorization") === `Bearer ${upstream.accepts}`;
        if (known) bodies.push(body.length);
        await asked.wire.say(known ? OK : REFUSED);
        return true;
      });
      using chunked = await send(
        `POST /replay HTTP/1.1\r\n${fields}Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n`,
      );
      assert.equal(statusOf(await chunked.hear(/ok$|nope$/)), 200);
      rotate(subject, azure, "canary-token-3");
      using large = await send(`PUT /replay HTTP/1.1\r\n${fields}Content-Length: ${8 * MIB}\r\n\r\n`);
      await large.write(new Uint8Array(8 * MIB));
      assert.equal(statusOf(await large.hear(/ok$|nope$/)), 200);
      assert.deepEqual(bodies, ["3\r\nabc\r\n0\r\n\r\n".length, 8 * MIB]);
    },
  },
  {
    name: "a body that is too large to be sent again is asked for again at once",
    run: async (subject, azure) => {
      const { send, fields } = subject;
      subject.upstream.accepts = FIRST;
      rotate(subject, azure);
      const request = `PUT /large HTTP/1.1\r\n${fields}Content-Length: ${9 * MIB}\r\n\r\n`;
      using wire = await send(request);
      await wire.write(new Uint8Array(9 * MIB));
      const answer = await wire.hear("}");
      assert.deepEqual([statusOf(answer), fieldOf(answer, "retry-after")], [503, "0"]);
      using again = await send(request);
      await again.write(new Uint8Array(9 * MIB));
      assert.equal(statusOf(await again.hear("ok")), 200);
    },
  },
  {
    name: "a refusal that no other token changes is passed on as it came",
    run: async (subject, azure) => {
      subject.upstream.accepts = "canary-other";
      const before = readsOf(azure);
      assert.equal(await get(subject), REFUSED.replace("\r\n\r\n", "\r\nConnection: close\r\n\r\n"));
      assert.equal(readsOf(azure) - before, 1);
      const ready = await get({ ...subject, fields: `Host: localhost\r\n` } as Subject, "/-/ready");
      assert.deepEqual([statusOf(ready), /"ready":false/.test(ready)], [503, true]);
    },
  },
  {
    name: "refusals without an end read the vault at most ten times a minute",
    run: async (subject, azure) => {
      subject.upstream.accepts = "canary-other";
      const before = readsOf(azure);
      for (let count = 0; count < 30; count++) assert.equal(statusOf(await get(subject)), 401);
      assert.ok(readsOf(azure) - before <= 10);
    },
  },
  {
    name: "a 403 of a gateway asks for a new token, MLflow's own does not",
    run: async (subject, azure) => {
      const { upstream } = subject;
      let body = "Permission denied";
      upstream.on("/forbidden", async ({ head, wire }) => {
        const known = fieldOf(head, "authorization") === `Bearer ${NEXT}`;
        await wire.say(known ? OK : `HTTP/1.1 403 FORBIDDEN\r\nContent-Length: ${body.length}\r\n\r\n${body}`);
        return true;
      });
      rotate(subject, azure);
      const before = readsOf(azure);
      assert.ok((await get(subject, "/forbidden")).endsWith("Permission denied"));
      assert.equal(readsOf(azure), before);
      body = "<html>token has expired</html>";
      assert.equal(statusOf(await get(subject, "/forbidden")), 200);
      assert.equal(readsOf(azure), before + 1);
    },
  },
  {
    name: "the time to live is kept: a new token is taken without a refusal",
    options: () => ({ env: { MLFLOW_AZURE_TTL_SEC: "1" } }),
    run: async (subject, azure) => {
      store(azure, NEXT);
      let token: string | undefined;
      for (let tries = 0; tries < 200 && token !== `Bearer ${NEXT}`; tries++) {
        await get(subject);
        token = fieldOf(subject.upstream.heads.at(-1) ?? "", "authorization");
        await new Promise((go) => setTimeout(go, 50));
      }
      assert.equal(token, `Bearer ${NEXT}`);
    },
  },
  {
    name: "with Key Vault out of reach the old token is used on, then its cause is named, and it recovers",
    options: () => ({ env: { MLFLOW_AZURE_TTL_SEC: "1", MLFLOW_AUTH_DEADLINE_SEC: "2" } }),
    run: async (subject, azure) => {
      azure.world.faults.push({ kind: "answer", service: "vault", status: 503, body: {} });
      while (!subject.log().includes("the old credential is used on")) await new Promise((go) => setTimeout(go, 50));
      assert.equal(statusOf(await get(subject)), 200);
      rotate(subject, azure);
      const refused = await get(subject);
      assert.equal(statusOf(refused), 502);
      assert.match(refused, /The tracking server refused the credential \(HTTP 401\)\. Cannot read secret/);
      assert.equal(subject.log().match(/the old credential is used on/g)?.length, 1);
      azure.world.faults.length = 0;
      let status = 0;
      for (let tries = 0; tries < 100 && status !== 200; tries++) {
        status = statusOf(await get(subject));
        await new Promise((go) => setTimeout(go, 200));
      }
      assert.equal(status, 200);
    },
  },
  {
    name: "a path in the tracking URI stands before each target",
    options: () => ({ path: "/team/ml/" }),
    run: async (subject) => {
      await get(subject, "/api/2.0/x?y=1");
      assert.match(subject.upstream.heads.at(-1) ?? "", /^GET \/team\/ml\/api\/2\.0\/x\?y=1 HTTP\/1\.1\r\n/);
    },
  },
  {
    name: "another header carries the credential, and the client's own there is replaced",
    options: () => ({ env: { MLFLOW_AUTH_HEADER_NAME: "X-Token" } }),
    run: async (subject) => {
      await get({ ...subject, fields: `${subject.fields}x-token: mine\r\n` });
      const head = subject.upstream.heads.at(-1) ?? "";
      assert.deepEqual([head.match(/^x-token: .*$/gim)?.map((line) => line.trim()), fieldOf(head, "authorization")], [
        [`X-Token: Bearer ${FIRST}`],
        undefined,
      ]);
    },
  },
  {
    name: "TLS to the server is HTTP/1.1 alone, with the root that was named",
    options: (tls) => tls,
    run: async (subject) => {
      assert.equal(statusOf(await get(subject)), 200);
    },
  },
  {
    name: "a root that was not named is a 502 that says so",
    options: ({ tls }) => tls === undefined ? {} : { tls },
    run: async (subject) => {
      const answer = await get(subject);
      assert.equal(statusOf(answer), 502);
      assert.match(answer, /the issuer of the certificate of localhost:\d+ is not trusted/);
    },
  },
];
