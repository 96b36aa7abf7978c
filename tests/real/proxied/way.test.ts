import "../../support/guard.ts";
import assert from "node:assert/strict";
import { mkdtemp, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { startAskingProxy } from "../../support/asking_proxy.ts";
import { SECRETS } from "../../support/azure/world.ts";
import { type ProgramBuild, programBuilds } from "../../support/builds.ts";
import { startConnectProxy } from "../../support/connect_proxy.ts";
import { findProgram } from "../../support/gates/part.ts";
import { startTlsServers, type TlsServers } from "../../support/gates/tls_servers.ts";
import { skipUnless } from "../../support/skip.ts";
import { makeAuthority } from "../../support/tls.ts";
import { type Env, run, type Scene, startScene } from "./beside.ts";

// The way from the proxy beside a command to the tracking server: client certificates, and other people's HTTP proxies.

const SEARCH = "/api/2.0/mlflow/experiments/search";
const EMPTY = '{"experiments": []}';

/** Says what it was answered, and what it sees of the variables about the server's TLS. */
const ASK =
  `curl -sS -w ' %{http_code}' -H "Authorization: Bearer $MLFLOW_TRACKING_TOKEN" "$MLFLOW_TRACKING_URI${SEARCH}"
printf ' %s' "\${MLFLOW_TRACKING_SERVER_CERT_PATH-none}" "\${MLFLOW_TRACKING_CLIENT_CERT_PATH-none}"`;
const FOUND = `${EMPTY} 200 none none`;

/** A name that only another's HTTP proxy knows. */
const NAME = "mlflow.team.example";

interface Stage {
  readonly scene: Scene;
  readonly servers: TlsServers;
  /** Paths of PEM files: the root of the servers, a client of the authority that they want, and one of another. */
  readonly pem: Readonly<Record<"root" | "client" | "stranger", string>>;
}

const python = await findProgram("python3", "python3");
const curl = await findProgram("curl", "curl");
const missing = skipUnless(python !== undefined && curl !== undefined, "python3 and curl are not installed");
const stack = new AsyncDisposableStack();
const shared: { stage?: Stage } = {};
Deno.test.beforeAll(async () => {
  if (missing !== false) return;
  const scene = stack.use(await startScene());
  const [root, clients, others] = await Promise.all(["root", "clients", "others"].map(makeAuthority));
  if (root === undefined || clients === undefined || others === undefined) throw new Error("no authorities");
  const { token } = JSON.parse(SECRETS.mlflow) as { readonly token: string };
  const servers = stack.use(
    await startTlsServers((request, response) => {
      const known = request.headers.authorization === `Bearer ${token}`;
      response.writeHead(known ? 200 : 401).end(known ? EMPTY : "");
    }, { authority: root, clients, python: python ?? "", token, names: [NAME] }),
  );
  const folder = await mkdtemp(join(scene.azure.folder, "way-"));
  const file = async (name: string, text: string): Promise<string> => {
    await writeFile(join(folder, name), text);
    return join(folder, name);
  };
  const pair = async (authority: typeof clients): Promise<string> => {
    const { certificate, key } = await authority.client("somebody");
    return certificate + key;
  };
  const pem = {
    root: await file("root.pem", root.certificate),
    client: await file("client.pem", await pair(clients)),
    stranger: await file("stranger.pem", await pair(others)),
  };
  shared.stage = { scene, servers, pem };
});
Deno.test.afterAll(() => stack.disposeAsync());

function stage(): Stage {
  if (shared.stage === undefined) throw new Error("nothing was started");
  return shared.stage;
}

/** Asks the tracking server from a command beside a proxy. */
async function ask(build: ProgramBuild, env: Env) {
  const words = [...build.command, "exec", "--proxy", "--", "sh", "-c", ASK];
  const { scene, pem } = stage();
  return await run(words, { ...scene.env, MLFLOW_TRACKING_SERVER_CERT_PATH: pem.root, ...env });
}

/** The port of a server of this machine. */
const portOf = (url: string): number => Number(new URL(url).port);

/** Asks through a proxy of somebody else's, which asks for a password and knows one server. */
async function askThrough(build: ProgramBuild, { uri, env, refuses }: { uri: string; env?: Env; refuses?: true }) {
  const connect = startConnectProxy((host) => host === NAME ? portOf(uri) : undefined);
  const proxy = startAskingProxy(connect.url, refuses === true ? 407 : 200);
  const HTTPS_PROXY = `http://joe:p%40s@127.0.0.1:${proxy.port}`;
  const ran = await ask(build, { MLFLOW_TRACKING_URI: `https://${NAME}`, HTTPS_PROXY, ...env });
  await proxy.close();
  await connect.close();
  return { ...ran, asked: [...new Set(proxy.asked)] };
}

const TUNNEL = [`CONNECT ${NAME}:443 joe:p@s`];

for (const build of programBuilds()) {
  const skip = build.skip === false ? missing : build.skip;

  test(`exec --proxy shows a client certificate to a server that wants one (${build.name})`, { skip }, async () => {
    const { servers, pem } = stage();
    for (const uri of [servers.mutual12, servers.mutual13]) {
      const ran = await ask(build, { MLFLOW_TRACKING_URI: uri, MLFLOW_TRACKING_CLIENT_CERT_PATH: pem.client });
      assert.deepEqual([ran.status, ran.stdout], [0, FOUND], ran.stderr);
    }
  });

  test(`exec --proxy answers 502 where the server wants another certificate (${build.name})`, { skip }, async () => {
    const { servers, pem } = stage();
    for (const own of [{}, { MLFLOW_TRACKING_CLIENT_CERT_PATH: pem.stranger }]) {
      for (const uri of [servers.mutual12, servers.mutual13]) {
        const { stdout, stderr } = await ask(build, { MLFLOW_TRACKING_URI: uri, ...own });
        assert.match(stdout, /"error_code":"TEMPORARILY_UNAVAILABLE".* 502 none none$/s, stderr);
        assert.doesNotMatch(stdout + stderr, /PRIVATE KEY|canary/);
      }
    }
  });

  test(`exec --proxy goes through a proxy that asks for a password (${build.name})`, { skip }, async () => {
    const ran = await askThrough(build, { uri: stage().servers.private });
    assert.deepEqual([ran.status, ran.stdout, ran.asked], [0, FOUND, TUNNEL], ran.stderr);
  });

  test(
    `exec --proxy says that a proxy on the way refuses, without the password (${build.name})`,
    { skip },
    async () => {
      const { stdout, stderr, asked } = await askThrough(build, { uri: stage().servers.private, refuses: true });
      assert.match(
        stdout,
        /"message":"mlflow-auth: Cannot go through proxy .* of HTTPS_PROXY: it asks for .*\(407\)"\}\n 502 none none$/,
        stderr,
      );
      assert.deepEqual([asked, /p@s|p%40s|canary/.test(stdout + stderr)], [TUNNEL, false]);
    },
  );

  test(`exec --proxy goes past a proxy where NO_PROXY says so (${build.name})`, { skip }, async () => {
    const { servers } = stage();
    const ran = await askThrough(build, { uri: servers.private, env: { NO_PROXY: ".team.example" } });
    // Nobody but the proxy knows the name.
    assert.match(ran.stdout, /resolve.* 502 none none$/s, ran.stderr);
    assert.deepEqual(ran.asked, []);
  });

  test(`exec --proxy shows a client certificate inside a tunnel, or says that it cannot (${build.name})`, {
    skip,
  }, async () => {
    const { servers, pem } = stage();
    const env = { MLFLOW_TRACKING_CLIENT_CERT_PATH: pem.client };
    const ran = await askThrough(build, { uri: servers.mutual13, env });
    if (build.name === "bun") {
      assert.deepEqual([ran.status, ran.stdout, ran.asked], [0, FOUND, TUNNEL], ran.stderr);
    } else {
      assert.deepEqual([ran.status, ran.stdout, ran.asked], [125, "", []]);
      assert.match(
        ran.stderr,
        /Cannot use "MLFLOW_TRACKING_CLIENT_CERT_PATH" together with "HTTPS_PROXY": this build shows no client certificate/,
      );
    }
  });
}
