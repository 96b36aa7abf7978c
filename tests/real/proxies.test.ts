import "../support/guard.ts";
import assert from "node:assert/strict";
import { test } from "node:test";
import { startAskingProxy } from "../support/asking_proxy.ts";
import { startAzure } from "../support/azure/start_azure.ts";
import { programBuilds } from "../support/builds.ts";
import { healthyEnv, runProgram } from "../support/run_program.ts";

// Every way in which people write a proxy, in every build: whether requests go through it, as whom, and what is said where it fails.

const TOKEN = ["exec", "--", "sh", "-c", 'printf %s "$MLFLOW_TRACKING_TOKEN"'] as const;
const VAULT = "CONNECT team.vault.azure.net:443";

/** Proxies as people write them, HOST for host and port, and who the proxy sees. */
const WRITTEN = [
  ["HTTPS_PROXY", "http://HOST", undefined],
  ["https_proxy", "HOST", undefined],
  ["ALL_PROXY", "http://HOST/", undefined],
  ["HTTPS_PROXY", "http://joe@HOST", "joe:"],
  ["HTTPS_PROXY", "http://joe:pw@HOST", "joe:pw"],
  ["HTTPS_PROXY", "http://CORP\\joe:pw@HOST", "CORP\\joe:pw"],
  ["HTTPS_PROXY", "joe@corp.example:pw@HOST", "joe@corp.example:pw"],
  ["HTTPS_PROXY", "http://joe:p%40s#s/?@HOST", "joe:p@s#s/?"],
  ["HTTPS_PROXY", ' "http://HOST" ', undefined],
  ["ALL_PROXY", "'CORP\\joe:pw@HOST'", "CORP\\joe:pw"],
] as const;

for (const build of programBuilds()) {
  const { skip } = build;

  test(`${build.name} goes through every proxy that people write, and as whom they write`, { skip }, async () => {
    await using azure = await startAzure();
    const { HTTPS_PROXY: behind = "", ...env } = await healthyEnv(azure);
    for (const [name, text, who] of WRITTEN) {
      const proxy = startAskingProxy(behind, 200);
      const value = text.replace("HOST", `127.0.0.1:${proxy.port}`);
      const ran = await runProgram(TOKEN, { build, env: { ...env, [name]: value } });
      await proxy.close();
      assert.equal(ran.stdout, "mlflow-token-canary", `${name}=${text} ${ran.stderr}`);
      const wanted = who === undefined ? VAULT : `${VAULT} ${who}`;
      assert.ok(proxy.asked.includes(wanted), `${text}: ${proxy.asked.join(", ")}`);
    }
  });

  test(`${build.name} names the proxy and its variable where it fails, and goes past none`, { skip }, async () => {
    await using azure = await startAzure();
    const { HTTPS_PROXY: behind = "", ...env } = await healthyEnv(azure);
    const failure = async (value: string, ...options: readonly string[]) => {
      const [command, ...rest] = TOKEN;
      const argv = [command, ...options, ...rest];
      const { status, stderr } = await runProgram(argv, { build, env: { ...env, HTTPS_PROXY: value } });
      assert.equal(status, 125);
      assert.ok(!/privatelink|canary/.test(stderr), stderr);
      return /^mlflow-auth: (.*)$/m.exec(stderr)?.[1] ?? "";
    };
    const closed = Deno.listen({ hostname: "127.0.0.1", port: 0 });
    const { port } = closed.addr;
    closed.close();
    assert.equal(
      await failure(`http://127.0.0.1:${port}`),
      `Cannot go through proxy "127.0.0.1:${port}" of HTTPS_PROXY: it refuses the connection`,
    );
    assert.equal(
      await failure("http://proxy.invalid:3128"),
      'Cannot go through proxy "proxy.invalid:3128" of HTTPS_PROXY: the name proxy.invalid does not resolve',
    );
    for (
      const [status, is] of [
        [407, "it asks for a user name and password, or does not take those in its URL (407)"],
        [403, "it opens no way to "],
      ] as const
    ) {
      const proxy = startAskingProxy(behind, status);
      const message = await failure(`http://joe:proxy-password-canary@127.0.0.1:${proxy.port}`);
      await proxy.close();
      assert.ok(message.startsWith(`Cannot go through proxy "127.0.0.1:${proxy.port}" of HTTPS_PROXY: ${is}`), message);
    }
    const silent = Deno.listen({ hostname: "127.0.0.1", port: 0 });
    const held: Deno.Conn[] = [];
    const holding = (async () => {
      for await (const connection of silent) held.push(connection);
    })();
    const at = `127.0.0.1:${silent.addr.port}`;
    assert.match(
      await failure(`http://${at}`, "--deadline", "7"),
      new RegExp(
        `^Cannot go through proxy "${at}" of HTTPS_PROXY: no answer of (team\\.vault|login)\\S+ came in time$`,
      ),
    );
    silent.close();
    for (const connection of held) connection.close();
    await holding;
    for (const value of ["ftp://canary@127.0.0.1:9", "http://canary:80:90", "http://127.0.0.1:9/canary"]) {
      assert.match(await failure(value), /^Cannot use "HTTPS_PROXY": /);
    }
    assert.deepEqual(azure.requests, [], "nothing may go past a proxy");
  });

  test(`${build.name} asks managed identity and this machine without a proxy, and hides no variable from the command`, {
    skip,
  }, async () => {
    await using azure = await startAzure();
    const { AZURE_CLIENT_SECRET: _secret, AZURE_CLIENT_ID: _id, ...env } = await healthyEnv(azure);
    const identity = await azure.identity("app-service");
    const proxy = startAskingProxy(env["HTTPS_PROXY"] ?? "", 200);
    const HTTP_PROXY = `http://127.0.0.1:${proxy.port}`;
    const ran = await runProgram(["exec", "--", "sh", "-c", 'printf %s "$HTTP_PROXY $NO_PROXY"'], {
      build,
      env: { ...env, ...identity, HTTP_PROXY, NO_PROXY: "*.corp" },
    });
    await proxy.close();
    assert.equal(ran.stdout, `${HTTP_PROXY} *.corp`, ran.stderr);
    assert.deepEqual(proxy.asked, []);
    assert.ok(azure.requests.some(({ service }) => service === "managed-identity"));
  });
}
