import "../support/guard.ts";
import assert from "node:assert/strict";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { canBeOnArc, onArc } from "../support/azure/arc.ts";
import { IDENTITIES } from "../support/azure/identity_env.ts";
import { readToken } from "../support/azure/jwt.ts";
import { type Azure, startAzure } from "../support/azure/start_azure.ts";
import { IDS, makeSigningKeys } from "../support/azure/world.ts";
import { programBuilds } from "../support/builds.ts";
import { firstBuild, type Ran, runProgram } from "../support/run_program.ts";
import { tryPython } from "../support/python.ts";
import { skipIfError, skipUnless } from "../support/skip.ts";

// The credential is the identity's own token: which one, and what was asked for it.

const { command, skip } = firstBuild();
const python = await tryPython("azure");
const noSdk = skip || skipIfError(python);
const SCOPE = `api://${IDS.api}/.default`;
const TOKEN = ["exec", "--", "sh", "-c", 'printf %s "$MLFLOW_TRACKING_TOKEN"'] as const;
const VAULT = { MLFLOW_AZURE_KEY_VAULT_URL: "https://team.vault.azure.net/", MLFLOW_AZURE_SECRET_NAME: "mlflow" };
const keys = await makeSigningKeys();

type Env = Readonly<Record<string, string>>;

async function run(azure: Azure, env: Env, args: readonly string[] = TOKEN): Promise<Ran> {
  return await runProgram(args, { env: { HOME: azure.folder, ...azure.env, MLFLOW_AZURE_TOKEN_SCOPE: SCOPE, ...env } });
}

const claimsOf = (token: string) => readToken(token)?.claims ?? {};
const codeOf = ({ stderr }: Ran): string | undefined => /docs\/errors\.md#([\w-]+)/.exec(stderr)?.[1];

for (const build of programBuilds()) {
  test(
    `exec of the ${build.name} build hands over a token for the scope, by one request`,
    { skip: build.skip },
    async () => {
      await using azure = await startAzure({ keys });
      const env = { HOME: azure.folder, ...azure.env, ...await azure.identity("client-secret") };
      const { status, stdout, stderr } = await runProgram(TOKEN, {
        env: { ...env, MLFLOW_AZURE_TOKEN_SCOPE: `api://${IDS.api}` },
        build,
      });
      assert.deepEqual({ status, stderr }, { status: 0, stderr: "" });
      const { aud, oid, roles, ver } = claimsOf(stdout);
      assert.deepEqual({ aud, oid, roles, ver }, {
        aud: IDS.api,
        oid: IDS.principal,
        roles: ["Tracking.Write"],
        ver: "2.0",
      });
      assert.deepEqual(azure.requests.map(({ service, status }) => `${service} ${status}`), ["entra 200"]);
      assert.deepEqual(azure.refused, []);
    },
  );
}

for (const name of IDENTITIES) {
  const reason = "no unshare(1) that mounts: an Arc machine's key folder cannot be shown to the program alone";
  const isSkipped = skip || (name === "arc" && skipUnless(canBeOnArc(), reason));
  test(
    `exec gets a token for the scope as ${name}, with two requests fewer than for a secret`,
    { skip: isSkipped },
    async () => {
      const made: number[] = [];
      for (const target of [{ MLFLOW_AZURE_TOKEN_SCOPE: SCOPE }, VAULT]) {
        await using azure = await startAzure({ keys });
        const argv = [...command, ...TOKEN];
        const [program = "", ...args] = name === "arc" ? onArc(azure.arcKeys, argv) : argv;
        const env = {
          PATH: "/usr/sbin:/usr/bin:/sbin:/bin",
          HOME: azure.folder,
          ...azure.env,
          ...await azure.identity(name),
        };
        const output = await new Deno.Command(program, { args, clearEnv: true, env: { ...env, ...target } }).output();
        const [stdout = "", stderr] = [output.stdout, output.stderr].map((bytes) => new TextDecoder().decode(bytes));
        assert.deepEqual({ code: output.code, stderr }, { code: 0, stderr: "" });
        if (target !== VAULT) assert.deepEqual(claimsOf(stdout)["aud"], IDS.api);
        if (target !== VAULT) assert.equal(azure.requests.filter(({ service }) => service === "vault").length, 0);
        made.push(azure.requests.length);
      }
      assert.equal(made[0], (made[1] ?? 0) - 2);
    },
  );
}

for (const [cloud, name] of [["us-government", "AzureUSGovernment"], ["china", "AzureChinaCloud"]] as const) {
  test(`exec gets a token for the scope in ${name}`, { skip }, async () => {
    await using azure = await startAzure({ keys });
    const { status, stdout } = await run(azure, {
      ...await azure.identity("client-secret", cloud),
      AZURE_CLOUD_ENVIRONMENT: name,
    });
    assert.deepEqual([status, claimsOf(stdout)["tid"]], [0, IDS.tenants[cloud]]);
  });
}

const refused: readonly (readonly [what: string, code: string, arrange: (azure: Azure) => Env | void])[] = [
  ["a scope of no application", "entra-resource-unknown", () => ({ MLFLOW_AZURE_TOKEN_SCOPE: "api://nobody.example" })],
  ["an application that the identity has no role at", "entra-not-assigned", ({ world }) => {
    for (const api of world.tenants.flatMap(({ apis }) => apis)) {
      api.roles.clear();
      api.assignmentRequired = true;
    }
  }],
  ["a consent that is missing", "entra-consent-missing", ({ world }) => {
    world.faults.push({ kind: "entra", code: 65001 });
  }],
  ["a wrong client secret", "entra-secret-wrong", () => ({ AZURE_CLIENT_SECRET: "another-canary" })],
  ["a vault besides", "setting-conflict", () => VAULT],
  [
    "a delegated permission",
    "setting-invalid",
    () => ({ MLFLOW_AZURE_TOKEN_SCOPE: "api://mlflow.example/user_impersonation" }),
  ],
];

/** Runs the script of Microsoft's SDK for one line. */
async function askSdk(azure: Azure, identity: string, env: Env): Promise<Readonly<Record<string, unknown>>> {
  const child = new Deno.Command(String(python), {
    args: ["-I", fileURLToPath(new URL("./python_sdk/read_secret.py", import.meta.url))],
    clearEnv: true,
    env: { PATH: "/usr/sbin:/usr/bin:/sbin:/bin", AZURE_POD_IDENTITY_AUTHORITY_HOST: azure.origins.plain },
    stdin: "piped",
    stdout: "piped",
  }).spawn();
  const line = JSON.stringify({ env: { ...env, REQUESTS_CA_BUNDLE: azure.caPath }, identity });
  const writer = child.stdin.getWriter();
  await writer.write(new TextEncoder().encode(`${line}\n`));
  await writer.close();
  return JSON.parse(new TextDecoder().decode((await child.output()).stdout));
}

for (
  const identity of ["client-secret", "certificate", "workload-identity", "github", "imds", "app-service"] as const
) {
  test(`exec gets for the scope what Microsoft's SDK gets as ${identity}`, { skip: noSdk }, async () => {
    await using azure = await startAzure({ keys });
    const env = { ...azure.env, ...await azure.identity(identity), MLFLOW_AZURE_TOKEN_SCOPE: SCOPE };
    const theirs = await askSdk(azure, identity, env);
    const { aud, oid, roles, ver } = claimsOf((await run(azure, env)).stdout);
    assert.deepEqual(theirs, { aud, oid, roles, ver });
  });
}

test("Microsoft's SDK is refused by the numbers that exec names", { skip: noSdk }, async () => {
  await using azure = await startAzure({ keys });
  const env = { ...azure.env, ...await azure.identity("client-secret") };
  const unknown = await askSdk(azure, "client-secret", {
    ...env,
    MLFLOW_AZURE_TOKEN_SCOPE: "api://nobody.example/.default",
  });
  assert.equal(unknown["aadsts"], 500011);
  for (const api of azure.world.tenants.flatMap(({ apis }) => apis)) {
    api.roles.clear();
    api.assignmentRequired = true;
  }
  const stranger = await askSdk(azure, "client-secret", { ...env, MLFLOW_AZURE_TOKEN_SCOPE: SCOPE });
  assert.equal(stranger["aadsts"], 501051);
});

test("exec names what keeps it from a token, starts nothing and asks no vault", { skip }, async () => {
  for (const [what, code, arrange] of refused) {
    await using azure = await startAzure({ keys });
    const ran = await run(azure, { ...await azure.identity("client-secret"), ...arrange(azure) });
    assert.deepEqual({ what, status: ran.status, stdout: ran.stdout, code: codeOf(ran) }, {
      what,
      status: 125,
      stdout: "",
      code,
    });
    assert.deepEqual(azure.requests.filter(({ service }) => service === "vault"), []);
  }
});

test("exec and export tell of a token that ends within 15 minutes, unless warnings are off", { skip }, async () => {
  await using azure = await startAzure({ keys });
  azure.world.tokenLifetimeSec = 600;
  const env = await azure.identity("client-secret");
  for (const args of [TOKEN, ["export", "--format", "json"]]) {
    assert.match(
      (await run(azure, env, args)).stderr,
      /^mlflow-auth: warning: the token for api:\S+ ends in (9|10) minutes: .*\n$/,
    );
    assert.equal((await run(azure, { ...env, MLFLOW_SECRETS_LOG_LEVEL: "ERROR" }, args)).stderr, "");
  }
});

test("doctor tells whom the token is for and what it may, and looks at no vault", { skip }, async () => {
  await using azure = await startAzure({ keys });
  const ran = await run(azure, await azure.identity("client-secret"), ["doctor", "--json"]);
  const findings: { readonly check: string; readonly status: string; readonly message: string }[] =
    JSON.parse(ran.stdout).findings;
  const of = (check: string) => findings.find((one) => one.check === check);
  assert.match(
    of("token")?.message ?? "",
    new RegExp(`object ${IDS.principal}.*audience ${IDS.api} \\(version 2.0\\), application role Tracking.Write$`),
  );
  assert.deepEqual(["vault", "secret"].map((check) => of(check)?.status), ["skip", "skip"]);
  assert.match(of("credential")?.message ?? "", /^bearer token of the identity, for \d+ minutes; exec --proxy/);
  assert.equal(findings.some(({ status }) => status === "fail"), false);
});

for (const identity of ["client-secret", "imds", "app-service"] as const) {
  test(`resolveCredential() asks for a new token as ${identity} whenever it is called`, async () => {
    await using azure = await startAzure({ keys });
    const script = fileURLToPath(new URL("./token_scope/read_twice.ts", import.meta.url));
    const env = { ...azure.direct, ...await azure.identity(identity), MLFLOW_AZURE_TOKEN_SCOPE: SCOPE };
    const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
      args: ["run", "--no-check", "--allow-all", script],
      env: { ...env, MLFLOW_AZURE_KEY_VAULT_URL: "" },
    }).output();
    assert.ok(success, new TextDecoder().decode(stderr));
    const [first, second] = new TextDecoder().decode(stdout).trim().split("\n");
    assert.deepEqual([first, second], azure.world.issued.slice(-2));
    assert.notEqual(first, second);
  });
}
