import "../support/guard.ts";
import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { constants, createHash, sign, X509Certificate } from "node:crypto";
import { before, test } from "node:test";
import { azure } from "../support/azure/azure.ts";
import { publicKeyOf, signToken } from "../support/azure/jwt.ts";
import { IDS, makeSigningKeys, makeWorld, type SigningKeys, type World } from "../support/azure/world.ts";
import { makeClientCertificate, type Pair } from "../support/tls.ts";

// What no SDK would ever send, and a careless program might: the stand-in has to notice.

const NOW_MS = 1_800_000_000_000;
const TOKEN_URL = `https://login.microsoftonline.com/${IDS.tenants.public}/oauth2/v2.0/token`;
const SECRET_URL = "https://team.vault.azure.net/secrets/mlflow?api-version=7.6";
const made: { readonly keys: SigningKeys; readonly pair: Pair; readonly other: Pair }[] = [];

before(async () => {
  const [keys, pair, other] = await Promise.all([makeSigningKeys(), makeClientCertificate(), makeClientCertificate()]);
  made.push({ keys, pair, other });
});

function start(): { readonly world: World; readonly pair: Pair; readonly other: Pair } {
  const [all] = made;
  assert.ok(all);
  const world = makeWorld(NOW_MS, all.keys);
  const der = new X509Certificate(all.pair.certificate).raw;
  world.tenants[0]?.applications[0]?.certificates.push({
    sha1: createHash("sha1").update(der).digest("hex"),
    sha256: createHash("sha256").update(der).digest("hex"),
    publicKey: publicKeyOf(all.pair.certificate),
    notBeforeMs: 0,
    notAfterMs: NOW_MS * 2,
  });
  return { world, pair: all.pair, other: all.other };
}

async function send(
  world: World,
  request: Request,
): Promise<{ readonly status: number; readonly body: Record<string, unknown> }> {
  const { response } = await azure(world, request, { nowMs: NOW_MS, keys: { write: async () => {} } });
  return { status: response.status, body: await response.json() };
}

interface Assertion {
  readonly alg?: "RS256" | "PS256" | "none";
  readonly signedBy?: Pair;
  readonly header?: Readonly<Record<string, unknown>>;
  readonly claims?: Readonly<Record<string, unknown>>;
}

function assertionOf(pair: Pair, { alg = "PS256", signedBy = pair, header = {}, claims = {} }: Assertion = {}): string {
  const now = NOW_MS / 1000;
  const x5t = createHash("sha256").update(new X509Certificate(pair.certificate).raw).digest("base64url");
  const usual = { aud: TOKEN_URL, iss: IDS.client, sub: IDS.client, jti: "1", nbf: now, exp: now + 600 };
  const input = [{ alg, typ: "JWT", "x5t#S256": x5t, ...header }, { ...usual, ...claims }]
    .map((part) => Buffer.from(JSON.stringify(part)).toString("base64url")).join(".");
  const padding = { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 };
  const key = { key: signedBy.key, ...(alg === "RS256" ? {} : padding) };
  return `${input}.${sign("sha256", Buffer.from(input), key).toString("base64url")}`;
}

async function askWith(assertion: string, more: Readonly<Record<string, string>> = {}): Promise<unknown> {
  const { world } = start();
  const form = {
    grant_type: "client_credentials",
    client_id: IDS.client,
    client_assertion_type: "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
    client_assertion: assertion,
    scope: "https://vault.azure.net/.default",
    ...more,
  };
  const { status, body } = await send(
    world,
    new Request(TOKEN_URL, { method: "POST", body: new URLSearchParams(form) }),
  );
  return status === 200 ? status : [status, body["error"], body["error_codes"]];
}

for (const alg of ["RS256", "PS256"] as const) {
  test(`Entra ID takes a certificate's assertion signed with ${alg}`, async () => {
    assert.equal(await askWith(assertionOf(start().pair, { alg })), 200);
  });
}

const ASSERTIONS: readonly (readonly [string, Assertion, number, number, string])[] = [
  ["without a signature algorithm", { alg: "none" }, 401, 700027, "invalid_client"],
  ["for another authority", { claims: { aud: "https://login.microsoftonline.us/x" } }, 401, 700023, "invalid_client"],
  ["of another issuer", { claims: { iss: IDS.principal } }, 401, 700021, "invalid_client"],
  ["about another subject", { claims: { sub: IDS.principal } }, 401, 700021, "invalid_client"],
  ["that has expired", { claims: { exp: NOW_MS / 1000 - 301 } }, 401, 700024, "invalid_client"],
  ["that is not valid yet", { claims: { nbf: NOW_MS / 1000 + 301 } }, 401, 700024, "invalid_client"],
  ["that never expires", { claims: { exp: undefined } }, 401, 700024, "invalid_client"],
  ["that names another certificate", { header: { "x5t#S256": "AAAA" } }, 401, 700027, "invalid_client"],
];

for (const [name, wrong, status, code, error] of ASSERTIONS) {
  test(`Entra ID refuses an assertion ${name}`, async () => {
    assert.deepEqual(await askWith(assertionOf(start().pair, wrong)), [status, error, [code]]);
  });
}

test("Entra ID refuses an assertion signed with another key", async () => {
  const { pair, other } = start();
  assert.deepEqual(await askWith(assertionOf(pair, { signedBy: other })), [401, "invalid_client", [700027]]);
});

const FORMS: readonly (readonly [string, Readonly<Record<string, string>>, number, number, string])[] = [
  ["another grant", { grant_type: "password" }, 400, 70003, "unsupported_grant_type"],
  ["another cloud's scope", { scope: "https://vault.azure.cn/.default" }, 400, 500011, "invalid_resource"],
  ["a vault's own name as scope", { scope: "https://team.vault.azure.net/.default" }, 400, 500011, "invalid_resource"],
  ["a scope without .default", { scope: "https://vault.azure.net/read" }, 400, 1002012, "invalid_scope"],
  ["no scope", { scope: "" }, 400, 900144, "invalid_request"],
  ["an assertion of another type", { client_assertion_type: "saml" }, 401, 7000218, "invalid_client"],
  ["something that is no token", { client_assertion: "a.b" }, 400, 50027, "invalid_request"],
];

for (const [name, form, status, code, error] of FORMS) {
  test(`Entra ID refuses ${name}`, async () => {
    assert.deepEqual(await askWith(assertionOf(start().pair), form), [status, error, [code]]);
  });
}

const GOOD = {
  aud: "https://vault.azure.net",
  iss: `https://sts.windows.net/${IDS.tenants.public}/`,
  tid: IDS.tenants.public,
  appid: IDS.client,
  oid: IDS.principal,
  nbf: NOW_MS / 1000,
  exp: NOW_MS / 1000 + 3600,
};

async function readWith(authorization: string, url = SECRET_URL): Promise<unknown> {
  const { status, body } = await send(start().world, new Request(url, { headers: { authorization } }));
  return status === 200
    ? status
    : [status, JSON.stringify(body["error"]).match(/AKV\d+|IDX\d+|S2S\d+|BadParameter/)?.[0]];
}

test("Key Vault takes a token of its tenant", async () => {
  assert.equal(await readWith(`Bearer ${signToken(start().world.signingKey, GOOD)}`), 200);
});

const TOKENS: readonly (readonly [string, Readonly<Record<string, unknown>>, string])[] = [
  ["for another audience", { aud: "https://management.azure.com" }, "AKV10022"],
  ["for another cloud's vaults", { aud: "https://vault.azure.cn" }, "AKV10022"],
  ["of another tenant", { iss: "https://sts.windows.net/other/", tid: "other" }, "AKV10032"],
  ["that has expired", { exp: NOW_MS / 1000 - 1 }, "IDX10223"],
  ["that is not valid yet", { nbf: NOW_MS / 1000 + 301 }, "IDX10222"],
];

for (const [name, claims, code] of TOKENS) {
  test(`Key Vault refuses a token ${name}`, async () => {
    const token = signToken(start().world.signingKey, { ...GOOD, ...claims });
    assert.deepEqual(await readWith(`Bearer ${token}`), [401, code]);
  });
}

test("Key Vault refuses a token signed by somebody else", async () => {
  const [all] = made;
  assert.ok(all);
  const forged = signToken({ ...all.keys.issuers, id: all.keys.entra.id }, GOOD);
  assert.deepEqual(await readWith(`Bearer ${forged}`), [401, "AKV10046"]);
});

test("Key Vault refuses what is no bearer token", async () => {
  assert.deepEqual([await readWith("Basic eA=="), await readWith("Bearer eA")], [[401, "AKV10000"], [401, "S2S12005"]]);
});

test("Key Vault refuses a request without a version it knows, or with a name it cannot have", async () => {
  const authorization = `Bearer ${signToken(start().world.signingKey, GOOD)}`;
  const at = (path: string) => readWith(authorization, `https://team.vault.azure.net/secrets/${path}`);
  assert.deepEqual(await Promise.all([at("mlflow"), at("mlflow?api-version=7.7"), at("a_b?api-version=7.6")]), [
    [400, "BadParameter"],
    [400, "BadParameter"],
    [400, "BadParameter"],
  ]);
});

const IMDS = "http://127.0.0.1/metadata/identity/oauth2/token?api-version=2018-02-01&resource=https://vault.azure.net";
const ENDPOINT_REFUSALS: readonly (readonly [string, string, Readonly<Record<string, string>>, number])[] = [
  ["the metadata service without its header", IMDS, {}, 400],
  ["the metadata service through a proxy", IMDS, { metadata: "true", "x-forwarded-for": "10.0.0.1" }, 400],
  ["the metadata service with another version", IMDS.replace("2018", "2017"), { metadata: "true" }, 400],
  ["an App Service without its header", "http://127.0.0.1/msi/token?api-version=2019-08-01&resource=x", {}, 401],
  [
    "an Arc machine without a key",
    "http://127.0.0.1/arc/metadata/identity/oauth2/token?api-version=2020-06-01&resource=x",
    {
      metadata: "true",
    },
    401,
  ],
  [
    "Azure Machine Learning without its secret",
    "http://127.0.0.1/azureml/token?api-version=2017-09-01&resource=x",
    {},
    401,
  ],
  [
    "GitHub without its token",
    "https://pipelines.actions.githubusercontent.com/idtoken/0001/0002?api-version=2.0",
    {},
    401,
  ],
];

for (const [name, url, headers, status] of ENDPOINT_REFUSALS) {
  test(`The stand-in refuses to speak for ${name}`, async () => {
    assert.equal((await send(start().world, new Request(url, { headers }))).status, status);
  });
}
