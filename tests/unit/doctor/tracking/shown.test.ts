import assert from "node:assert/strict";
import { test } from "node:test";
import { makeLog } from "../../../../src/core/log.ts";
import { readSettings } from "../../../../src/core/settings/read_settings.ts";
import { Secret } from "../../../../src/core/secret.ts";
import { errorOf } from "../../../../src/doctor/error_of.ts";
import { makeServerSteps } from "../../../../src/doctor/tracking/server_steps.ts";
import { isNamed } from "../../../../src/doctor/tracking/shown.ts";
import { STUB_KINDS } from "../../../support/gates/answers.ts";
import { fakeHost } from "../../../support/host.ts";

/** What a dry run at an address does that answers as `kind` does. */
async function dryRun(
  kind: string,
  { at = "https://mlflow.example/", handedTo, allowed }: {
    readonly at?: string;
    readonly handedTo?: string;
    readonly allowed?: string;
  } = {},
) {
  const { settings } = readSettings({ env: allowed === undefined ? {} : { MLFLOW_SECRETS_ALLOWED_HOSTS: allowed } });
  const tried = { ...settings, trackingUri: { value: at, source: { from: "flag", name: "--dry-run" } } } as const;
  let shown = 0;
  const steps = makeServerSteps({
    settings: tried,
    host: fakeHost({
      now: () => 0,
      sleep: () => new Promise<void>(() => {}),
      fetch: (request) => {
        const isSigned = request.headers.get("authorization") === "Bearer abc";
        if (isSigned) shown++;
        const { pathname } = new URL(request.url);
        const { status, headers = {}, body = "" } = STUB_KINDS[kind]?.(pathname, isSigned) ?? { status: 404 };
        const fields = Object.entries(headers).map(([name, value]): [string, string] => [
          name,
          typeof value === "string" ? value.replace("MOVED", "") : value.join(", "),
        ]);
        const isBodiless = status === 204 || body === "";
        return Promise.resolve(
          new Response(isBodiless ? null : new Uint8Array(bytesOf(body)), { status, headers: fields }),
        );
      },
    }),
    log: makeLog("ERROR", () => {}),
    allowed: () => Promise.resolve(),
    isStrange: !isNamed(tried, handedTo),
    network: () => Promise.resolve({ network: {}, trustedBy: undefined }),
    credential: () => Promise.resolve({ kind: "bearer", token: new Secret("abc") }),
  });
  const error = await errorOf(async () => await steps?.signIn());
  return { shown, error };
}

const bytesOf = (body: string | Uint8Array): Uint8Array =>
  typeof body === "string" ? new TextEncoder().encode(body) : body;

const WITHHELD = [
  "challenge-none-page",
  "cloudflare-access",
  "easyauth-login",
  "empty-204",
  "error-400-certificate",
  "error-400-go-tls",
  "error-400-tls-port",
  "error-502",
  "error-503",
  "iap",
  "login-page",
  "moved-301-path",
  "not-found-json",
  "not-found-page",
  "oauth2-login",
  "proxy-407",
  "waf-403",
];
/** Those that answer to anybody, and one that answers nothing. */
const NEVER_SIGNED = ["closed", "empty-200", "open"];
/** Kinds that answer as the table says; how one ends is no matter here. */
const KINDS = Object.keys(STUB_KINDS).filter((kind) => kind !== "closed").sort();

test("a dry run shows the credential to no page, login or parked domain, and to MLflow and gates for programs", async () => {
  const withheld: string[] = [];
  for (const kind of KINDS) {
    const { shown, error } = await dryRun(kind);
    if (error?.code !== "host-not-allowed") continue;
    withheld.push(kind);
    assert.equal(shown, 0, kind);
    assert.match(
      error.remedy,
      /mlflow-auth doctor --allowed-hosts mlflow\.example --dry-run https:\/\/mlflow\.example$/,
    );
  }
  assert.deepEqual(withheld, WITHHELD);
});

test("a dry run shows nobody the credential over http beyond this machine, but tries a server here", async () => {
  for (const kind of KINDS) {
    const { shown } = await dryRun(kind, { at: "http://mlflow.example:5000/" });
    assert.equal(shown, 0, kind);
  }
  assert.match(
    (await dryRun("fine", { at: "http://mlflow.example/team" })).error?.remedy ?? "",
    /^try https:\/\/mlflow\.example, or/,
  );
  assert.ok((await dryRun("fine", { at: "http://127.0.0.1:5000/" })).shown > 0);
});

test("a dry run hands the credential over as exec does where MLFLOW_TRACKING_URI or the allow list names the server", async () => {
  const signed = KINDS.filter((kind) => !NEVER_SIGNED.includes(kind));
  for (const at of ["https://mlflow.example/", "http://mlflow.example/"]) {
    for (const named of [{ handedTo: `${at}team` }, { allowed: "*.example" }]) {
      const kept: string[] = [];
      for (const kind of signed) if ((await dryRun(kind, { at, ...named })).shown === 0) kept.push(kind);
      assert.deepEqual(kept, [], `${at} ${JSON.stringify(named)}`);
    }
  }
});

test("isNamed() wants the tracking server's own scheme, host and port", () => {
  const { settings } = readSettings({ env: {} });
  const tried = (value: string) => ({
    ...settings,
    trackingUri: { value, source: { from: "flag", name: "--dry-run" } } as const,
  });
  const same = ["https://mlflow.example/x", "https://mlflow.example:443"];
  const others = ["http://mlflow.example", "https://mlflow.example:8443", "https://mlflow.example.evil.example"];
  assert.deepEqual([...same, ...others].map((uri) => isNamed(tried(uri), "https://mlflow.example/team")), [
    true,
    true,
    false,
    false,
    false,
  ]);
});
