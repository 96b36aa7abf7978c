import "../support/guard.ts";
import assert from "node:assert/strict";
import { test } from "node:test";
import { CLOUDS } from "../../src/azure/entra/clouds.ts";
import { clientSecret } from "../../src/azure/identities/client_secret.ts";
import { IDENTITIES } from "../../src/azure/identities/identities.ts";
import type { Identity } from "../../src/azure/identities/identity.ts";
import { readAccessToken } from "../../src/azure/sign_in/access_token.ts";
import { readSecret } from "../../src/azure/vault/key_vault.ts";
import { locateVault } from "../../src/azure/vault/vault.ts";
import { AuthError } from "../../src/core/errors.ts";
import { makeLog } from "../../src/core/log.ts";
import { readSettings } from "../../src/core/settings/read_settings.ts";
import { fakeHost } from "../support/host.ts";
import { makeClientCertificate } from "../support/tls.ts";

const TENANT = "11111111-aaaa-4000-8000-000000000000";
const PRINCIPAL = { AZURE_TENANT_ID: TENANT, AZURE_CLIENT_ID: "c1c1c1c1-bbbb-4bbb-8bbb-c1c1c1c1c1c1" };
const SECRET = { ...PRINCIPAL, AZURE_CLIENT_SECRET: "client canary+/=&%é" };
const GITHUB = "https://pipelines.actions.example/idtoken?api-version=2.0";

const { certificate, key } = await makeClientCertificate();
const TOKEN = "/var/run/token";
const FILES = { "/app.pem": certificate + key, [TOKEN]: " federated.token.canary\n" };

const WHO: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  "client-secret": SECRET,
  "client-certificate": { ...PRINCIPAL, AZURE_CLIENT_CERTIFICATE_PATH: "/app.pem" },
  "workload-identity": { ...PRINCIPAL, AZURE_FEDERATED_TOKEN_FILE: TOKEN },
  "github-actions": {
    ...PRINCIPAL,
    ACTIONS_ID_TOKEN_REQUEST_URL: GITHUB,
    ACTIONS_ID_TOKEN_REQUEST_TOKEN: "github-canary",
  },
};

/** What MSAL says of itself in every request of its own. */
const OF_MSAL = "x-client-SKU";

interface Post {
  readonly url: string;
  readonly by: "msal" | "us";
  readonly form: URLSearchParams;
}

const json = (status: number, body: unknown): Response =>
  new Response(JSON.stringify(body), { status, headers: { "content-type": "application/json" } });

const gives = (token: string): Response =>
  json(200, { token_type: "Bearer", expires_in: 3599, ext_expires_in: 3599, access_token: token });

/** A world in which Entra ID, a vault of one cloud and GitHub answer, and note what they were asked. */
function world(
  env: Readonly<Record<string, string>>,
  answer: (post: Post) => Response = () => gives("token canary"),
) {
  const posts: Post[] = [];
  const gets: string[] = [];
  const { settings } = readSettings({ env });
  const fetch = async (request: Request): Promise<Response> => {
    const { hostname, origin, pathname } = new URL(request.url);
    if (request.method === "POST") {
      const form = new URLSearchParams(await request.text());
      const post = { url: origin + pathname, by: form.has(OF_MSAL) ? "msal" : "us", form } as const;
      posts.push(post);
      return answer(post);
    }
    gets.push(hostname);
    if (hostname === new URL(GITHUB).hostname) return json(200, { value: `assertion canary ${gets.length}` });
    const shown = request.headers.get("authorization");
    const resource = `https://${hostname.split(".").slice(1).join(".")}`;
    const challenge = `Bearer authorization="https://login.example/${TENANT}", resource="${resource}"`;
    if (shown === null) return new Response("{}", { status: 401, headers: { "www-authenticate": challenge } });
    return json(200, { value: `for ${shown}`, id: `https://${hostname}/secrets/mlflow/v1`, attributes: {} });
  };
  const clock = { ms: 0 };
  const host = fakeHost({
    env,
    files: FILES,
    fetch,
    now: () => Date.now(),
    workedMs: () => clock.ms,
    sleep: (ms) => Promise.resolve(void (clock.ms += ms)),
  });
  const options = { settings, host, log: makeLog("ERROR", () => {}), network: {} };
  return { posts, gets, options, settings, clock };
}

const vaultOf = (suffix: string) => ({
  MLFLOW_AZURE_KEY_VAULT_URL: `https://team.${suffix}`,
  MLFLOW_AZURE_SECRET_NAME: "mlflow",
});

const VAULT = vaultOf("vault.azure.net");

async function read(env: Readonly<Record<string, string>>, answer?: (post: Post) => Response, identity?: Identity) {
  const { posts, gets, options, settings } = world({ ...VAULT, ...env }, answer);
  const { value } = await readSecret(locateVault(settings), { ...options, ...(identity && { identity }) });
  return { posts, gets, value: value.reveal() };
}

for (const cloud of CLOUDS) {
  test(`readSecret() in ${cloud.name} asks Entra ID once, and before MSAL does, whatever is shown`, async () => {
    for (const [name, who] of Object.entries(WHO)) {
      const { posts, gets, value } = await read({ ...who, ...vaultOf(cloud.vaultSuffix) });
      assert.equal(value, "for Bearer token canary");
      assert.deepEqual(
        posts.map(({ url, by }) => ({ url, by })),
        [{ url: `${cloud.authority}/${TENANT}/oauth2/v2.0/token`, by: "us" }],
        name,
      );
      const vault = `team.${cloud.vaultSuffix}`;
      const github = name === "github-actions" ? [new URL(GITHUB).hostname] : [];
      assert.deepEqual(gets, [vault, ...github, vault], name);
    }
  });
}

test("readSecret() asks an authority of one's own once, whose path is kept", async () => {
  for (const authority of ["https://login.corp:8443", "https://Login.Corp/Entra"]) {
    const { posts } = await read({ ...SECRET, AZURE_AUTHORITY_HOST: authority });
    assert.deepEqual(posts.map(({ by }) => by), ["us"], authority);
  }
});

test("readSecret() leaves the first question to MSAL where it may be another: a tenant by its domain, a region", async () => {
  for (const other of [{ AZURE_TENANT_ID: "contoso.com" }, { AZURE_REGIONAL_AUTHORITY_NAME: "westeurope" }]) {
    const { posts } = await read({ ...SECRET, ...other });
    assert.deepEqual(posts.map(({ by }) => by), ["msal"]);
  }
});

test("readSecret() uses MSAL's own answer where MSAL asks for something else than was guessed", async () => {
  const guessed: Identity = {
    ...clientSecret,
    connect: (context) =>
      clientSecret.connect({ ...context, askAhead: () => context.askAhead?.({ client_secret: "another" }) }),
  };
  const answer = ({ by }: Post): Response =>
    by === "us" ? json(401, { error: "invalid_client", error_description: "AADSTS7000215: no" }) : gives("MSAL's own");
  const { posts, value } = await read(SECRET, answer, guessed);
  assert.deepEqual(posts.map(({ by }) => by), ["us", "msal"]);
  assert.equal(value, "for Bearer MSAL's own");
});

/** The SDK alone: nothing is asked before it asks. */
const alone: Identity = {
  ...clientSecret,
  connect: (context) => clientSecret.connect({ ...context, askAhead: undefined }),
};

const MISHAPS: readonly (() => Response)[] = [
  () => json(401, { error: "invalid_client", error_description: "AADSTS7000215: Invalid client secret" }),
  () => json(400, { error: "unauthorized_client", error_description: "AADSTS700016: no such application" }),
  () => json(400, {}),
  () => json(200, {}),
  () => json(200, { access_token: 1 }),
  () => new Response("", { status: 200 }),
  () => new Response(null, { status: 302, headers: { location: "https://elsewhere.example/" } }),
  () => new Response("<html>", { status: 200, headers: { "content-type": "text/html" } }),
  () => new Response("<html>", { status: 502, headers: { "content-type": "text/html" } }),
  () => new Response("", { status: 407 }),
  () => new Response("", { status: 429, headers: { "retry-after": "3" } }),
  () => new Response("", { status: 503 }),
  () => new Response("x".repeat(2_000_000)),
  ...["dns error: failed to lookup", "tcp connect error: Connection refused", "connection reset", "UnknownIssuer"].map(
    (message) => () => {
      throw new TypeError(message);
    },
  ),
];

test("readSecret() fails as the SDK alone does, after as many requests, whatever is answered early", async () => {
  for (const mishap of MISHAPS) {
    const [ahead, late] = await Promise.all([clientSecret, alone].map(async (identity) => {
      const { posts, options, settings, clock } = world({ ...VAULT, ...SECRET }, mishap);
      const error: unknown = await readSecret(locateVault(settings), { ...options, identity }).catch((thrown) =>
        thrown
      );
      assert.ok(error instanceof AuthError, mishap.toString());
      const { code, message, remedy } = error;
      return { by: new Set(posts.map(({ by }) => by)), seen: { code, message, remedy, tries: posts.length, ...clock } };
    }));
    assert.deepEqual([ahead?.by, late?.by], [new Set(["us"]), new Set(["msal"])]);
    assert.deepEqual(ahead?.seen, late?.seen);
  }
});

test("readAccessToken() asks Entra ID once, and before MSAL does, whatever is shown", async () => {
  for (const [name, who] of Object.entries(WHO)) {
    for (const scope of ["api://c1c1c1c1-bbbb-4bbb-8bbb-c1c1c1c1c1c1/.default", "https://App.Example/A b/.default"]) {
      const { posts, options } = world(who);
      const { token } = await readAccessToken(scope, options);
      assert.equal(token.reveal(), "token canary");
      assert.deepEqual(posts.map(({ by, form }) => [by, form.get("scope")]), [["us", scope]], name);
    }
  }
});

test("readSecret() reads a federated token once for a request, so that one that is renewed meanwhile makes no second one", async () => {
  const { posts, options, settings } = world({ ...VAULT, ...WHO["workload-identity"] });
  let reads = 0;
  const readText = () => Promise.resolve(`federated.canary.${++reads}`);
  await readSecret(locateVault(settings), { ...options, host: { ...options.host, readText } });
  assert.deepEqual(posts.map(({ form }) => form.get("client_assertion")), ["federated.canary.1"]);
  assert.equal(reads, 1);
});

test("an application's token is asked for early for each identity that shows Entra ID something itself", () => {
  const others = ["azure-cli", "azure-developer-cli", "azure-pipelines", "azure-powershell", "managed-identity"];
  assert.deepEqual(IDENTITIES.map(({ name }) => name).sort(), [...Object.keys(WHO), ...others].sort());
});
