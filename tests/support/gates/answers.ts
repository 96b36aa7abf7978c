import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { once } from "node:events";
import { deflateSync } from "node:zlib";

/** What a server answers to one of a client's requests. */
export interface StubAnswer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string | readonly string[]>>;
  readonly body?: string | Uint8Array;
  /** Milliseconds until it comes. */
  readonly afterMs?: number;
  /** What becomes of it: the connection breaks before, or within the body; the body never ends; no answer comes at all. */
  readonly end?: "broken" | "cut" | "endless" | "never";
}

/** A kind of server: what it answers to each path, and whether the request showed the credential that it takes. */
export type StubKind = (path: string, isSigned: boolean) => StubAnswer;

const EXPERIMENTS = JSON.stringify({
  experiments: [{ experiment_id: "0", name: "Default", lifecycle_stage: "active" }],
});
const json = (value: unknown, status = 200): StubAnswer => ({
  status,
  headers: { "content-type": "application/json" },
  body: typeof value === "string" ? value : JSON.stringify(value),
});
const page = (status: number, headers: StubAnswer["headers"] = {}): StubAnswer => ({
  status,
  headers: { "content-type": "text/html; charset=utf-8", ...headers },
  body: "<!doctype html><html><head><title>Page</title></head><body>page</body></html>",
});
const text = (status: number, body: string, headers: StubAnswer["headers"] = {}): StubAnswer => ({
  status,
  headers: { "content-type": "text/plain", ...headers },
  body,
});
const challenge = (value: string | readonly string[]): StubAnswer["headers"] => ({ "www-authenticate": value });
const OK = text(200, "OK");
const SENTENCE = "You are not authenticated. Please see https://mlflow.org to get started.";

/** MLflow, but for what is said of some paths. */
const mlflow = (different: Readonly<Record<string, StubAnswer>> = {}): StubKind => (path, isSigned) => {
  if (path === "/health") return different[path] ?? OK;
  if (!isSigned) return different["unsigned"] ?? text(401, SENTENCE, challenge('Basic realm="mlflow"'));
  const own = Object.keys(different).find((name) => path.startsWith(name));
  if (own !== undefined) return different[own] ?? OK;
  if (path.startsWith("/version")) return text(200, "3.17.2");
  if (path.includes("/users/current")) return json({ user: { id: 2, username: "trainer", is_admin: false } });
  if (path.includes("/experiments/search")) return json(EXPERIMENTS);
  if (path.includes("/mlflow-artifacts/")) return json({ files: [] });
  if (path.includes("/server-info")) return json({ store_type: "SqlStore", workspaces_enabled: false });
  return page(404);
};

/** Whatever is asked, and whoever asks. */
const always = (answer: StubAnswer): StubKind => () => answer;
/** A refusal of whatever shows no credential that it takes, in front of MLflow; its own paths as well. */
const guard = (answer: StubAnswer): StubKind => (path, isSigned) => isSigned ? mlflow()(path, true) : answer;
/** MLflow's own health, and one answer to everything else. */
const healthy = (answer: StubAnswer): StubKind => (path) => path === "/health" ? OK : answer;
const SEARCH = "/api/2.0/mlflow/experiments/search";

/** Every kind; the name is the path below which it answers. */
export const STUB_KINDS: Readonly<Record<string, StubKind>> = {
  "fine": mlflow(),
  "fine-as-html": mlflow({ [SEARCH]: { ...json(EXPERIMENTS), headers: { "content-type": "text/html" } } }),
  "fine-no-experiments": mlflow({ [SEARCH]: json({}) }),
  "fine-deflate": mlflow({
    [SEARCH]: {
      status: 200,
      headers: { "content-type": "application/json", "content-encoding": "deflate" },
      body: deflateSync(EXPERIMENTS),
    },
  }),
  "health-404": mlflow({ "/health": page(404) }),
  "health-guarded": guard(text(401, SENTENCE, challenge('Basic realm="mlflow"'))),
  "version-slow": mlflow({ "/version": { ...text(200, "3.17.2"), afterMs: 30_000 } }),
  "version-broken": mlflow({ "/version": { status: 200, end: "broken" } }),
  "version-endless": mlflow({ "/version": { ...text(200, "3.17.2"), end: "endless" } }),
  "user-500": mlflow({ "/api/2.0/mlflow/users/current": page(500) }),
  "user-top-level": mlflow({ "/api/2.0/mlflow/users/current": json({ username: "ada@example.com", is_admin: false }) }),
  "user-slow": mlflow({ "/api/2.0/mlflow/users/current": { ...json({}), afterMs: 30_000 } }),
  "artifacts-404": mlflow({ "/api/2.0/mlflow-artifacts": page(404) }),
  "artifacts-500": mlflow({ "/api/2.0/mlflow-artifacts": page(500) }),
  "artifacts-never": mlflow({ "/api/2.0/mlflow-artifacts": { status: 200, end: "never" } }),
  "slow-search": mlflow({ [SEARCH]: { ...json(EXPERIMENTS), afterMs: 12_000 } }),
  "open": (path) => mlflow()(path, true),
  "basic-page": always(page(401, challenge('Basic realm="team"'))),
  "basic-empty": always({ status: 401, headers: { "www-authenticate": 'Basic realm="team"', "content-length": "0" } }),
  "basic-and-bearer": healthy(
    text(401, SENTENCE, challenge('Basic realm="a, b", Bearer realm="c", error="invalid_token"')),
  ),
  "bearer-and-basic-lines": healthy(page(401, challenge(['Bearer realm="c"', 'Basic realm="a"']))),
  "negotiate": always(page(401, challenge(["Negotiate", "NTLM"]))),
  "ntlm": always(page(401, challenge("NTLM"))),
  "digest": always(page(401, challenge('Digest realm="x", nonce="canary-nonce", qop="auth"'))),
  "challenge-none-page": always(page(401)),
  "challenge-none-json": always(json({ message: "Unauthorized" }, 401)),
  "challenge-odd": healthy(text(401, "no", challenge("hmac-sha256 keyId=x"))),
  "easyauth-401": always(
    page(
      401,
      challenge(
        'Bearer realm="mlflow.example" authorization_uri="https://login.windows.net/x/oauth2/authorize" resource_id="api://app"',
      ),
    ),
  ),
  "easyauth-login": always({ status: 302, headers: { location: "/.auth/login/aad?post_login_redirect_uri=/" } }),
  "iap": always({
    ...text(401, "Invalid IAP credentials: empty token"),
    headers: { "content-type": "text/html", "x-goog-iap-generated-response": "true" },
  }),
  "cloudflare-access": always({
    status: 302,
    headers: { location: "https://team.cloudflareaccess.com/cdn-cgi/access/login/x" },
  }),
  "oauth2-login": always({
    status: 302,
    headers: { location: "https://login.microsoftonline.com/t/oauth2/authorize" },
  }),
  "login-page": always(page(200)),
  "waf-403": always(page(403)),
  "forbidden-scope": always({
    ...json({ error: "x" }, 403),
    headers: {
      "content-type": "application/json",
      "www-authenticate": 'Bearer error="insufficient_scope", scope="mlflow.read"',
    },
  }),
  "forbidden-token": always({
    ...json({ error: "x" }, 403),
    headers: { "content-type": "application/json", "www-authenticate": 'Bearer error="invalid_token"' },
  }),
  "forbidden-mlflow": healthy(text(403, "Permission denied")),
  "forbidden-json": healthy(json({ error_code: "PERMISSION_DENIED", message: "no" }, 403)),
  "forbidden-oidc-auth": healthy(json({ message: "Permission denied" }, 403)),
  "databricks-403": always(json({ error_code: 403, message: "Invalid access token." }, 403)),
  "databricks-401": always(
    json({ error_code: 401, message: "Credential was not sent or was of an unsupported type" }, 401),
  ),
  "unknown-user": (path, isSigned) =>
    path === "/health"
      ? OK
      : isSigned
      ? json({ error_code: "RESOURCE_DOES_NOT_EXIST", message: "User with username=x not found" }, 404)
      : text(401, "bad or missing bearer token", challenge("Bearer")),
  "host-refused": healthy(text(403, "Invalid Host header - possible DNS rebinding attack detected")),
  "proxy-407": always(page(407, { "proxy-authenticate": 'Basic realm="corp"' })),
  "throttled": healthy(page(429, { "retry-after": "1" })),
  "error-500": healthy(page(500)),
  "error-500-json": healthy(json({ error_code: "INTERNAL_ERROR", message: "no" }, 500)),
  "error-502": always(page(502)),
  "error-503": always(text(503, "upstream connect error")),
  "error-504": healthy(page(504)),
  "error-400-tls-port": always({
    ...page(400),
    body: "<html><head><title>400 The plain HTTP request was sent to HTTPS port</title></head></html>",
  }),
  "error-400-go-tls": always(text(400, "Client sent an HTTP request to an HTTPS server.\n")),
  "error-400-certificate": always(text(400, "No required SSL certificate was sent")),
  "error-431": healthy(page(431)),
  "error-405": healthy(page(405)),
  "not-found-page": always(page(404)),
  "not-found-json": always(json({ error: "not found" }, 404)),
  "empty-200": always({ status: 200, headers: { "content-length": "0" } }),
  "empty-204": always({ status: 204 }),
  "json-200": (_, isSigned) => isSigned ? json({ hello: 1 }) : text(401, "no", challenge("Bearer")),
  "list-200": healthy(json([])),
  "cut": (path, isSigned) =>
    path === "/health"
      ? OK
      : isSigned
      ? { ...json(EXPERIMENTS), end: "cut" }
      : text(401, SENTENCE, challenge("Bearer")),
  "gzip-that-is-none": (path, isSigned) =>
    path === "/health"
      ? OK
      : isSigned
      ? { status: 200, headers: { "content-type": "application/json", "content-encoding": "gzip" }, body: EXPERIMENTS }
      : text(401, SENTENCE, challenge("Bearer")),
  "closed": always({ status: 200, end: "broken" }),
  "moved-308-path": (path, isSigned) =>
    path.startsWith("/new/")
      ? mlflow()(path.slice(4), isSigned)
      : { status: 308, headers: { location: `MOVED/new${path}` } },
  "moved-301-path": (path, isSigned) =>
    path.startsWith("/new/")
      ? mlflow()(path.slice(4), isSigned)
      : { status: 301, headers: { location: `MOVED/new${path}` } },
};

const NO_BODY = json({ error_code: "INVALID_PARAMETER_VALUE", message: "Invalid value 0 for 'max_results'" }, 400);

/** A server that answers as each of {@link STUB_KINDS}, below its name. */
export interface Stub extends AsyncDisposable {
  /** `http://127.0.0.1:PORT`; add the kind's name. */
  readonly url: string;
}

/**
 * Starts the server.
 *
 * @param accepted values of `Authorization` that its kinds take
 * @returns the server
 */
export async function startStub(accepted: readonly string[]): Promise<Stub> {
  const server = createServer((request, response) => {
    const [, kind = "", path = "/"] = /^\/([^/?]+)(\/.*)?$/.exec(request.url ?? "") ?? [];
    const isSigned = accepted.includes(request.headers.authorization ?? "");
    request.resume();
    const answer = STUB_KINDS[kind]?.(path, isSigned) ?? { status: 404 };
    // A search without its body is none for MLflow: so a client ends that follows a redirect with a GET.
    const isEmpty = request.method === "GET" && path.includes(SEARCH) && answer.status === 200;
    give(isEmpty ? NO_BODY : answer, { request, response, base: `/${kind}` });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("The port has no number");
  return {
    url: `http://127.0.0.1:${address.port}`,
    [Symbol.asyncDispose]: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function give(
  answer: StubAnswer,
  { request, response, base }: {
    readonly request: IncomingMessage;
    readonly response: ServerResponse;
    readonly base: string;
  },
): void {
  const { status, headers = {}, body = "", afterMs = 0, end } = answer;
  if (end === "never") return;
  if (end === "broken") return void request.socket.destroy();
  const write = (): void => {
    const bytes = typeof body === "string" ? new TextEncoder().encode(body) : body;
    for (const [name, value] of Object.entries(headers)) {
      response.setHeader(name, typeof value === "string" ? value.replace("MOVED", base) : [...value]);
    }
    if (end === undefined) return void response.writeHead(status).end(bytes);
    if (end === "cut") {
      response.writeHead(status, { "content-length": `${bytes.length + 100}` }).write(bytes);
      setTimeout(() => request.socket.destroy(), 50);
      return;
    }
    response.writeHead(status).write(bytes);
    const more = setInterval(() => response.write("                "), 200);
    response.once("close", () => clearInterval(more));
  };
  if (afterMs === 0) return write();
  const late = setTimeout(write, afterMs);
  response.once("close", () => clearTimeout(late));
}
