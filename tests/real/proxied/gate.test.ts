import "../../support/guard.ts";
import assert from "node:assert/strict";
import { request } from "node:http";
import { test } from "node:test";
import { programBuilds } from "../../support/builds.ts";
import { findSecret } from "../../support/canary.ts";
import { type Beside, run, type Scene, startBeside, startScene } from "./beside.ts";

// Who gets through the proxy. How it reads requests is the matter of the suite of its sockets.

const shared: { scene?: Scene } = {};
Deno.test.beforeAll(async () => {
  shared.scene = await startScene();
});
Deno.test.afterAll(async () => await shared.scene?.[Symbol.asyncDispose]());

interface Answer {
  readonly status: number;
  readonly location: string | undefined;
  readonly text: string;
}

for (const build of programBuilds()) {
  test(`doctor inside says what the proxy holds, and signs in through it (${build.name})`, {
    skip: build.skip,
  }, async () => {
    const { env } = shared.scene ?? { env: {} };
    for (const flags of [[], ["--key-in-url"]]) {
      const inside = [...build.command, "doctor", "--json"];
      const { stdout } = await run([...build.command, "exec", "--proxy", ...flags, "--", ...inside], env);
      const { findings } = JSON.parse(stdout) as { findings: { check: string; status: string; message: string }[] };
      const of = (check: string) => findings.filter((one) => one.check === check);
      assert.deepEqual(of("server").map(({ status }) => status), ["ok"], JSON.stringify(of("server")));
      assert.match(
        of("server")[0]?.message ?? "",
        /^a proxy of mlflow-auth at "127\.0\.0\.1:\d+" holds a credential, read/,
      );
      assert.deepEqual(of("sign-in").map(({ status }) => status), ["ok"], JSON.stringify(of("sign-in")));
      assert.doesNotMatch(stdout, /mlflow-auth-[\w-]{43}/);
    }
  });
}

/** Asks with exactly these fields. */
function ask(uri: string, path: string, headers: Readonly<Record<string, string>> = {}): Promise<Answer> {
  const { promise, resolve, reject } = Promise.withResolvers<Answer>();
  const { hostname, port } = new URL(uri);
  const asked = request({ hostname, port, path, headers, setHost: headers["host"] === undefined }, (response) => {
    let text = "";
    response.on("data", (chunk) => void (text += String(chunk)));
    response.on("end", () => resolve({ status: response.statusCode ?? 0, location: response.headers.location, text }));
  });
  asked.on("error", reject);
  asked.end();
  return promise;
}

for (const build of programBuilds()) {
  const it = (name: string, look: (beside: Beside, scene: Scene) => Promise<void>) =>
    test(`${name} (${build.name})`, { skip: build.skip }, async () => {
      if (shared.scene === undefined) throw new Error("Azure does not run");
      await using beside = await startBeside(build, shared.scene);
      await look(beside, shared.scene);
    });

  it("who has the key gets through, and never sees the credential", async ({ uri, key }) => {
    const ways = [
      await ask(uri, "/version", { authorization: `Bearer ${key}` }),
      await ask(uri, "/version", { authorization: `Basic ${btoa(`anybody:${key}`)}` }),
      await ask(uri, `/${key}/version`),
      await ask(uri, `/${key}/version`, { authorization: "Basic b3RoZXI6b3RoZXI=" }),
    ];
    assert.deepEqual(ways.map(({ status, text }) => [status, text]), Array(4).fill([200, "3.8.1"]));
    assert.equal(findSecret(JSON.stringify(ways)), undefined);
  });

  it("who has no key gets nowhere, and learns the server's address alone", async ({ uri, key }, { server }) => {
    const other = `${key.slice(0, -1)}${key.endsWith("A") ? "B" : "A"}`;
    const refused = [
      await ask(uri, "/version"),
      await ask(uri, "/version", { authorization: `Bearer ${other}` }),
      await ask(uri, `/${other}/version`),
      await ask(uri, "/-/end"),
    ];
    assert.deepEqual(refused.map(({ status }) => status), [401, 401, 401, 401]);
    const page = await ask(uri, "/", { accept: "text/html" });
    assert.deepEqual([page.status, page.location?.replace(/\/$/, "")], [302, server.url]);
    assert.deepEqual([(await ask(uri, "/-/live")).status, (await ask(uri, "/-/ready")).status], [200, 200]);
    assert.equal(findSecret(JSON.stringify([...refused, page])), undefined);
  });

  it("a name that leads to this machine opens nothing, and neither does a page of somebody else", async ({ uri, key }) => {
    const authorization = `Bearer ${key}`;
    const { port } = new URL(uri);
    const rebound = await ask(uri, "/version", { authorization, host: `evil.example:${port}` });
    const foreign = await ask(uri, "/version", { authorization, origin: "https://evil.example" });
    const page = await ask(uri, "/", { accept: "text/html", host: `evil.example:${port}` });
    assert.deepEqual(
      [rebound, foreign, page].map(({ status, location }) => [status >= 400 && status < 500, location]),
      [
        [true, undefined],
        [true, undefined],
        [true, undefined],
      ],
    );
  });
}
