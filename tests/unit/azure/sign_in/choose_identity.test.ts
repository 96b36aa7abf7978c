import assert from "node:assert/strict";
import { test } from "node:test";
import type { ErrorCode } from "../../../../src/core/errors.ts";
import type { Host } from "../../../../src/core/host.ts";
import { readSettings } from "../../../../src/core/settings/read_settings.ts";
import { IDENTITIES } from "../../../../src/azure/identities/identities.ts";
import type { AuthError } from "../../../../src/core/errors.ts";
import { chooseIdentity } from "../../../../src/azure/sign_in/choose_identity.ts";
import { fakeHost } from "../../../support/host.ts";

const PRINCIPAL = { AZURE_TENANT_ID: "contoso.com", AZURE_CLIENT_ID: "c" };
const SECRET = { AZURE_CLIENT_SECRET: "canary" };
const CERTIFICATE = { AZURE_CLIENT_CERTIFICATE_PATH: "app.pem" };
const GITHUB = {
  GITHUB_ACTIONS: "true",
  ACTIONS_ID_TOKEN_REQUEST_URL: "https://gh",
  ACTIONS_ID_TOKEN_REQUEST_TOKEN: "canary",
};
const CONNECTION = { SYSTEM_OIDCREQUESTURI: "https://dev", AZURESUBSCRIPTION_SERVICE_CONNECTION_ID: "s" };
const PIPELINES = { ...CONNECTION, SYSTEM_ACCESSTOKEN: "canary" };
const FEDERATED = { AZURE_FEDERATED_TOKEN_FILE: "token" };
const APP_SERVICE = { IDENTITY_ENDPOINT: "http://127.0.0.1:9/token", IDENTITY_HEADER: "canary" };
const NO_IMDS = "no metadata service answered within 1 s";

interface World {
  readonly env?: Readonly<Record<string, string>>;
  /** Programs on PATH. */
  readonly programs?: readonly string[];
  readonly files?: Readonly<Record<string, string>>;
  /** What the metadata service answers; without it, nobody does. */
  readonly imds?: Response;
}

function choose({ env = {}, programs = [], files = {}, imds }: World, mayAsk?: boolean) {
  const asked: string[] = [];
  const host: Host = fakeHost({
    env: { PATH: "/sbin:/bin", ...env },
    files,
    isFile: (path) =>
      Promise.resolve(programs.some((program) => path === `/bin/${program}`) || files[path] !== undefined),
    fetch: ({ url }) => {
      asked.push(url);
      return imds === undefined ? Promise.reject(new Error("nobody there")) : Promise.resolve(imds);
    },
  });
  const choice = chooseIdentity(readSettings({ env }).settings, host, mayAsk === undefined ? {} : { mayAsk });
  return { choice, asked };
}
const nameOf = async (world: World) => (await choose(world).choice).identity.name;

const SIGNED_IN = { "/home/user/.azure/azureProfile.json": '\uFEFF{"subscriptions":[{}]}' };
const SIGNED_OUT = { "/home/user/.azure/azureProfile.json": '{"subscriptions":[]}' };

/** Everything that says who one is, the first to the last; each world holds all that come after it too. */
const ORDER: readonly (readonly [name: string, env: Readonly<Record<string, string>>])[] = [
  ["client-secret", { ...PRINCIPAL, ...SECRET }],
  ["client-certificate", { ...PRINCIPAL, ...CERTIFICATE }],
  ["github-actions", { ...PRINCIPAL, ...GITHUB }],
  ["azure-pipelines", { ...PRINCIPAL, ...PIPELINES }],
  ["workload-identity", { ...PRINCIPAL, ...FEDERATED }],
  ["managed-identity", APP_SERVICE],
];
test("chooseIdentity() has a case for every identity that needs no tool", () => {
  assert.deepEqual(
    IDENTITIES.filter(({ group }) => group === "prod").map(({ name }) => name),
    ORDER.map(([name]) => name),
  );
});

for (const [index, [name]] of ORDER.entries()) {
  test(`chooseIdentity() takes ${name} before all that come after it`, async () => {
    const env = Object.assign({}, ...ORDER.slice(index).map(([, own]) => own));
    const { choice, asked } = choose({ env, programs: ["az", "azd", "pwsh"], files: SIGNED_IN });
    const { identity, passedOver } = await choice;
    assert.deepEqual([identity.name, passedOver.map((one) => one.name), asked], [
      name,
      ORDER.slice(0, index).map(([before]) => before),
      [],
    ]);
  });
}

test("chooseIdentity() takes the developer tool that somebody is signed in with, without asking the metadata service", async () => {
  const { choice, asked } = choose({ programs: ["az"], files: SIGNED_IN, imds: new Response("{}") });
  const { identity, why } = await choice;
  assert.deepEqual([identity.name, why, asked], ["azure-cli", "az is on PATH, and somebody is signed in", []]);
  assert.equal(
    await nameOf({ programs: ["az", "azd"], files: { ...SIGNED_OUT, "/home/user/.azd/auth.json": "{}" } }),
    "azure-developer-cli",
  );
  assert.equal(
    await nameOf({ programs: ["pwsh"], files: { "/home/user/.Azure/AzureRmContext.json": "{}" } }),
    "azure-powershell",
  );
});

test("chooseIdentity() prefers the machine's identity to a tool that nobody is signed in with", async () => {
  const { choice, asked } = choose({ programs: ["az"], files: SIGNED_OUT, imds: new Response("", { status: 400 }) });
  const { identity, why } = await choice;
  assert.deepEqual([identity.name, why, asked.length], ["managed-identity", "a metadata service answers", 1]);
});

test("chooseIdentity() takes a tool on PATH where there is no metadata service", async () => {
  const { choice } = choose({ programs: ["az"] });
  const { identity, why, passedOver } = await choice;
  assert.deepEqual([identity.name, why], ["azure-cli", "nothing else is configured"]);
  assert.deepEqual(passedOver.at(5), { name: "managed-identity", reason: NO_IMDS });
  assert.equal(passedOver.some((one) => one.name === "azure-cli"), false);
});

test("chooseIdentity() asks the pod's host in the metadata service's place, without the header that a token needs", async () => {
  const { choice, asked } = choose({
    env: { AZURE_POD_IDENTITY_AUTHORITY_HOST: "http://127.0.0.1:9" },
    imds: new Response(""),
  });
  assert.equal((await choice).identity.name, "managed-identity");
  assert.deepEqual(asked, ["http://127.0.0.1:9/metadata/identity/oauth2/token?api-version=2018-02-01"]);
});

test("chooseIdentity() is not misled by what answers in the metadata service's place", async () => {
  const imds = new Response("A socket operation was attempted to an unreachable network", { status: 403 });
  await assert.rejects(choose({ imds }).choice, { code: "identity-none" });
});

test("chooseIdentity() sends nothing where it may not", async () => {
  const { choice, asked } = choose({ imds: new Response("") }, false);
  await assert.rejects(choice, {
    code: "identity-none",
    message:
      /^Cannot tell who you are to "Azure": no identity is configured, and the metadata service, which .*, was not asked \(/,
    remedy: "let it be asked: mlflow-auth doctor",
  });
  const tool = choose({ programs: ["az"], imds: new Response("") }, false);
  const { identity, unasked } = await tool.choice;
  assert.deepEqual([identity.name, unasked], ["azure-cli", "managed-identity"]);
  assert.deepEqual([...asked, ...tool.asked], []);
  assert.equal((await choose({ programs: ["az"] }).choice).unasked, undefined);
});

test("chooseIdentity() says of each identity why it is not configured", async () => {
  await assert.rejects(choose({}).choice, {
    code: "identity-none",
    message:
      'Cannot tell who you are to "Azure": no identity is configured (client-secret: AZURE_CLIENT_SECRET is not set; ' +
      "client-certificate: AZURE_CLIENT_CERTIFICATE_PATH is not set; github-actions: AZURE_TENANT_ID and AZURE_CLIENT_ID and " +
      "ACTIONS_ID_TOKEN_REQUEST_URL and ACTIONS_ID_TOKEN_REQUEST_TOKEN not set; " +
      "azure-pipelines: SYSTEM_OIDCREQUESTURI is not set; workload-identity: AZURE_FEDERATED_TOKEN_FILE is not set; " +
      `managed-identity: ${NO_IMDS}; azure-cli: az is not on PATH; azure-developer-cli: azd is not on PATH; ` +
      "azure-powershell: pwsh is not on PATH)",
    remedy: "set AZURE_TENANT_ID, AZURE_CLIENT_ID and AZURE_CLIENT_SECRET, or sign in: az login",
  });
});

test("chooseIdentity() says that a user's name and password are not read", async () => {
  await assert.rejects(
    choose({ env: { AZURE_USERNAME: "ann@contoso.com", AZURE_PASSWORD: "canary" } }).choice,
    (error: AuthError) => {
      assert.match(
        error.message,
        /; AZURE_USERNAME is set, which is not read; AZURE_PASSWORD is set, which is not read\)$/,
      );
      return !/ann@|canary/.test(error.message);
    },
  );
});

test("chooseIdentity() uses the managed identity without asking first where prod or its name is asked for", async () => {
  for (const asked of ["prod", "ManagedIdentityCredential"]) {
    const world = choose({ env: { AZURE_TOKEN_CREDENTIALS: asked } });
    const { identity, why } = await world.choice;
    assert.deepEqual([identity.name, why, world.asked], [
      "managed-identity",
      `AZURE_TOKEN_CREDENTIALS is ${asked}`,
      [],
    ]);
  }
});

test("chooseIdentity() uses a tool that is asked for, whatever else is configured", async () => {
  const env = { ...PRINCIPAL, ...SECRET, AZURE_TOKEN_CREDENTIALS: "AzureCliCredential" };
  assert.equal(await nameOf({ env, programs: ["az"] }), "azure-cli");
  assert.equal(
    await nameOf({ env: { ...env, AZURE_TOKEN_CREDENTIALS: "dev" }, programs: ["pwsh"] }),
    "azure-powershell",
  );
});

const refused: readonly (readonly [ErrorCode, string, Readonly<Record<string, string>>])[] = [
  ["identity-incomplete", "a client secret without a tenant", { AZURE_CLIENT_ID: "c", ...SECRET }],
  ["identity-incomplete", "a client secret without a client id", { AZURE_TENANT_ID: "contoso.com", ...SECRET }],
  ["identity-incomplete", "a certificate alone", CERTIFICATE],
  ["identity-incomplete", "a federated token alone", FEDERATED],
  ["identity-incomplete", "a service connection without a tenant", PIPELINES],
  ["identity-incomplete", "an endpoint without its header", { IDENTITY_ENDPOINT: "http://127.0.0.1:9" }],
  ["identity-incomplete", "workload identity by name alone", { AZURE_TOKEN_CREDENTIALS: "WorkloadIdentityCredential" }],
  ["identity-incomplete", "the environment by name alone", { AZURE_TOKEN_CREDENTIALS: "EnvironmentCredential" }],
  ["identity-unsupported", "Service Fabric", { ...APP_SERVICE, IDENTITY_SERVER_THUMBPRINT: "x" }],
  ["developer-tool-missing", "a tool by name that is not there", { AZURE_TOKEN_CREDENTIALS: "AzureCliCredential" }],
  ["github-oidc-unavailable", "a GitHub job without the permission", { ...PRINCIPAL, GITHUB_ACTIONS: "true" }],
  ["pipelines-oidc-unavailable", "a service connection without the job's token", { ...PRINCIPAL, ...CONNECTION }],
  ["identity-none", "dev without a tool", { AZURE_TOKEN_CREDENTIALS: "dev", ...PRINCIPAL, ...SECRET }],
  ["setting-invalid", "an unknown name", { AZURE_TOKEN_CREDENTIALS: "nobody" }],
];
for (const [code, what, env] of refused) {
  test(`chooseIdentity() refuses ${what} and asks nobody`, async () => {
    const { choice, asked } = choose({ env });
    await assert.rejects(choice, { code });
    assert.deepEqual(asked, []);
  });
}

test("chooseIdentity() names once what was asked for by its name", async () => {
  await assert.rejects(choose({ env: { AZURE_TOKEN_CREDENTIALS: "client-secret" } }).choice, {
    code: "identity-incomplete",
    message: 'Cannot use "client-secret": AZURE_CLIENT_SECRET is not set',
  });
});
