import assert from "node:assert/strict";
import { test } from "node:test";
import { AuthError } from "../../../../src/core/errors.ts";
import { makeLog } from "../../../../src/core/log.ts";
import { readSettings } from "../../../../src/core/settings/read_settings.ts";
import { Secret } from "../../../../src/core/secret.ts";
import type { Credential } from "../../../../src/credential/parse.ts";
import { diagnose } from "../../../../src/doctor/diagnose.ts";
import { once } from "../../../../src/doctor/once.ts";
import { artifacts } from "../../../../src/doctor/checks/artifacts.ts";
import { server } from "../../../../src/doctor/checks/server.ts";
import { signIn } from "../../../../src/doctor/checks/sign_in.ts";
import { makeServerSteps } from "../../../../src/doctor/tracking/server_steps.ts";
import { makeSubject, type Subject } from "../../../../src/doctor/subject.ts";
import { fakeHost } from "../../../support/host.ts";

type Serve = (path: string, authorization: string | null) => Response;
const bearer: Credential = { kind: "bearer", token: new Secret("abc") };

const html = (status: number, text: string, headers: Readonly<Record<string, string>> = {}) =>
  new Response(text, { status, headers: { "content-type": "text/html; charset=utf-8", ...headers } });
const json = (value: unknown, status = 200) =>
  new Response(JSON.stringify(value), { status, headers: { "content-type": "application/json" } });
const refuse = () =>
  html(401, "You are not authenticated. Please see the docs", { "www-authenticate": 'Basic realm="mlflow"' });

/** As MLflow 3.17.2 answers, to who shows `accepted`. */
const mlflow = (accepted: string): Serve => (path, authorization) => {
  if (path === "/health") return new Response("OK");
  if (authorization !== accepted) return refuse();
  if (path === "/version") return html(200, "3.17.2");
  if (path.startsWith("/api/2.0/mlflow/experiments/search")) return json({ experiments: [] });
  if (path.startsWith("/api/2.0/mlflow/users/current")) {
    return json({ user: { username: "ada", id: 1, is_admin: false } });
  }
  return json({ files: [] });
};

async function look(serve: Serve, credential: Credential | AuthError = bearer) {
  const asked: string[] = [];
  const host = fakeHost({
    now: () => 0,
    sleep: () => new Promise<void>(() => {}),
    fetch: (request) => {
      const path = request.url.replace("https://mlflow.example", "");
      const authorization = request.headers.get("authorization");
      if (!request.url.startsWith("https://mlflow.example")) return Promise.reject(new TypeError("dns error"));
      asked.push(`${path}${authorization === null ? "" : " signed"}`);
      return Promise.resolve(serve(path, authorization));
    },
  });
  const { settings, problems } = readSettings({ env: { MLFLOW_TRACKING_URI: "https://mlflow.example/" } });
  const whole = makeSubject({ settings, problems, variables: () => [], host, log: makeLog("ERROR", () => {}) });
  const steps = makeServerSteps({
    settings,
    host,
    log: makeLog("ERROR", () => {}),
    allowed: () => Promise.resolve(),
    network: () => Promise.resolve({ network: {}, trustedBy: undefined }),
    credential: once(() => credential instanceof AuthError ? Promise.reject(credential) : Promise.resolve(credential)),
  });
  const subject: Subject = { ...whole, steps: { ...whole.steps, server: steps } };
  const findings = await diagnose(subject, { checks: [server, signIn, artifacts], host, deadlineMs: 1000 });
  return { said: findings.map(({ status, code, message }) => `${status} ${code ?? message}`), asked };
}

test("server checks pass a server that takes the credential, with two requests unsigned and four signed", async () => {
  const { said, asked } = await look(mlflow("Bearer abc"));
  assert.deepEqual(said, [
    'ok "mlflow.example" answers as MLflow does',
    'ok signed in as "ada", MLflow 3.17.2',
    "ok the server passes artifacts on",
  ]);
  assert.deepEqual(asked, [
    "/health",
    "/api/2.0/mlflow/experiments/search",
    "/version signed",
    "/api/2.0/mlflow/users/current signed",
    "/api/2.0/mlflow-artifacts/artifacts?path= signed",
    "/api/2.0/mlflow/experiments/search signed",
  ]);
});

test("server checks fail on a token that MLflow's basic-auth refuses", async () => {
  const { said } = await look(mlflow("Basic YTpi"));
  assert.deepEqual(said, [
    'ok "mlflow.example" answers as MLflow does',
    "fail mlflow-wrong-scheme",
    "skip not checked",
  ]);
});

test("server checks show an open server no credential", async () => {
  const { said, asked } = await look((path) =>
    path === "/health" ? new Response("OK") : path.includes("users") ? html(404, "<!doctype html>") : json({})
  );
  assert.deepEqual(said, [
    'ok "mlflow.example" answers as MLflow does',
    "warn mlflow-open",
    "ok the server passes artifacts on",
  ]);
  assert.deepEqual(asked.filter((one) => one.endsWith("signed")), []);
});

test("server checks blame a login page once", async () => {
  const redirect = () => new Response(null, { status: 302, headers: { location: "https://login.example/authorize" } });
  const { said } = await look(redirect);
  assert.deepEqual(said, ["fail mlflow-intercepted", "skip not checked", "skip not checked"]);
});

test("server checks pass a gateway that lets the credential through", async () => {
  const inner = mlflow("Bearer abc");
  const redirect = new Response(null, { status: 302, headers: { location: "https://login.example/authorize" } });
  const { said } = await look((path, authorization) =>
    authorization === null ? redirect.clone() : inner(path, authorization)
  );
  assert.deepEqual(said, [
    'ok "mlflow.example" answers as MLflow does, behind a gateway',
    'ok signed in as "ada", MLflow 3.17.2',
    "ok the server passes artifacts on",
  ]);
});

test("server checks call nothing ok for which the credential is missing", async () => {
  const missing = new AuthError("vault-forbidden", { message: "Cannot read it", remedy: "grant it" });
  const { said } = await look(mlflow("Bearer abc"), missing);
  assert.deepEqual(said, [
    'ok "mlflow.example" answers as MLflow does',
    "fail vault-forbidden",
    "skip not checked",
  ]);
  const page = await look(() => html(200, "<!doctype html><html></html>"), missing);
  assert.deepEqual(page.said, ["fail mlflow-intercepted", "fail vault-forbidden", "skip not checked"]);
});

test("server checks are skipped without a tracking server", async () => {
  const host = fakeHost({ now: () => 0, sleep: () => new Promise<void>(() => {}) });
  const subject = makeSubject({ ...readSettings({ env: {} }), host, log: makeLog("ERROR", () => {}) });
  const findings = await diagnose(subject, { checks: [server, signIn, artifacts], host, deadlineMs: 1000 });
  assert.deepEqual(findings.map((finding) => finding.status), ["skip", "skip", "skip"]);
});

test("server checks tell a gateway from MLflow until the credential is through", async () => {
  const { said } = await look(() => html(401, "<html>", { "www-authenticate": 'Basic realm="x"' }));
  assert.deepEqual(said, [
    'ok a gateway answers at "mlflow.example" (HTTP 401), and asks for basic',
    "fail mlflow-wrong-scheme",
    "skip not checked",
  ]);
});

test("server checks lose nothing to a probe that breaks", async () => {
  const inner = mlflow("Bearer abc");
  const { said } = await look((path, authorization) => {
    if (/version|users|artifacts|health/.test(path)) throw new TypeError("connection reset");
    return inner(path, authorization);
  });
  assert.deepEqual(said, ['ok "mlflow.example" answers as MLflow does', "ok signed in", "skip not checked"]);
});

test("server checks go where a client goes with its request, and name the address", async () => {
  const inner = mlflow("Bearer abc");
  const { said } = await look((path, authorization) =>
    path.startsWith("/team/")
      ? inner(path.slice(5), authorization)
      : new Response(null, { status: 308, headers: { location: `/team${path}` } })
  );
  assert.deepEqual(said, [
    'ok "mlflow.example" answers as MLflow does',
    "warn mlflow-wrong-address",
    'ok signed in as "ada", MLflow 3.17.2',
    "ok the server passes artifacts on",
  ]);
});
