import { createServer } from "node:http";
import { once } from "node:events";
import { SECRETS } from "../../support/azure/ids.ts";
import { startStub } from "../../support/gates/answers.ts";
import { type Mlflow, type MlflowOptions, startMlflow } from "../../support/mlflow.ts";
import type { Failure } from "./failure.ts";

const basic = JSON.parse(SECRETS["mlflow-basic"]) as { readonly username: string; readonly password: string };
const { token } = JSON.parse(SECRETS.mlflow) as { readonly token: string };

/**
 * Real MLflow servers, one in each state that a client may meet, and what may stand in front of them. Each server is waited for by
 * itself: one that is slow to start, or does not, takes no test along that does not need it.
 */
export interface Servers extends AsyncDisposable {
  readonly open: Promise<Mlflow>;
  readonly basic: Promise<Mlflow>;
  readonly bearer: Promise<Mlflow>;
  readonly blocked: Promise<Mlflow>;
  /** Addresses of servers that are no MLflow: one that sends to a login, one that shows a page, one whose upstream is gone. */
  readonly login: string;
  readonly page: string;
  readonly broken: string;
  /** MLflow's health, and a search that is asked too often; one that takes 11 s; one behind a redirect. */
  readonly throttled: string;
  readonly slow: string;
  readonly moved: string;
  /** A page that wants a client's certificate. */
  readonly mutual: string;
}

/**
 * Starts them all.
 *
 * @param start starts a server of MLflow
 * @returns the servers, of which those of MLflow need not run yet; `await using` stops them
 */
export async function startServers(start: (options: MlflowOptions) => Promise<Mlflow> = startMlflow): Promise<Servers> {
  await using stack = new AsyncDisposableStack();
  const begin = (options: MlflowOptions): Promise<Mlflow> => {
    const starting = start(options);
    stack.defer(async () => await (await starting.catch(() => undefined))?.stop());
    return starting;
  };
  const open = begin({ auth: "open", servesArtifacts: false });
  const guarded = begin({
    auth: "basic",
    users: { [basic.username]: basic.password },
    defaultPermission: "NO_PERMISSIONS",
  });
  const bearer = begin({ auth: "bearer", users: { trainer: token }, strangers: { ghost: SECRETS["mlflow-plain"] } });
  const blocked = begin({ auth: "open", allowedHosts: "mlflow.corp.example" });
  const plain = async (status: number, headers: Readonly<Record<string, string>>): Promise<string> => {
    const server = createServer((_, response) =>
      response.writeHead(status, headers).end("<html><body>page</body></html>")
    );
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    stack.defer(() => {
      server.closeAllConnections();
      server.close();
    });
    const address = server.address();
    if (address === null || typeof address === "string") throw new Error("The port has no number");
    return `http://127.0.0.1:${address.port}`;
  };
  const html = { "content-type": "text/html" };
  const login = await plain(302, { location: "https://login.microsoftonline.com/common/oauth2/authorize?client_id=x" });
  const [page, broken] = [await plain(200, html), await plain(502, html)];
  const stub = stack.use(await startStub([`Bearer ${token}`]));
  const kinds = {
    throttled: `${stub.url}/throttled`,
    slow: `${stub.url}/slow-search`,
    moved: `${stub.url}/moved-301-path`,
    mutual: `${stub.url}/error-400-certificate`,
  };
  const started = stack.move();
  const servers = { open, basic: guarded, bearer, blocked, login, page, broken, ...kinds };
  return { ...servers, [Symbol.asyncDispose]: () => started.disposeAsync() };
}

/**
 * What a tracking server may answer.
 *
 * @param servers gives them, once they run; asked for by those failures alone that need them
 * @returns the failures
 */
export function serverFailures(servers: () => Promise<Servers>): readonly Failure[] {
  const at = (pick: (all: Servers) => string | Promise<string>) => async () => ({
    MLFLOW_TRACKING_URI: await pick(await servers()),
  });
  const urlOf = async (server: Promise<Mlflow>): Promise<string> => (await server).url;
  return [
    {
      name: "a port on which no server listens",
      code: "mlflow-unreachable",
      env: { MLFLOW_TRACKING_URI: "http://127.0.0.1:9" },
    },
    {
      name: "a server whose name does not resolve",
      code: "mlflow-unreachable",
      env: { MLFLOW_TRACKING_URI: "https://mlflow.invalid", HTTPS_PROXY: "", NO_PROXY: "*" },
      arrange: ({ direct }) => direct,
    },
    {
      name: "a server whose certificate nobody trusts",
      code: "tls-untrusted",
      env: { MLFLOW_AUTH_CA_BUNDLE: "" },
      arrange: ({ origins }) => ({ MLFLOW_TRACKING_URI: origins.tls }),
    },
    {
      name: "a server that is no MLflow",
      code: "mlflow-not-mlflow",
      arrange: ({ origins }) => ({ MLFLOW_TRACKING_URI: origins.plain }),
    },
    {
      name: "a path below which there is no MLflow",
      code: "mlflow-not-mlflow",
      arrange: at(async ({ bearer }) => `${await urlOf(bearer)}/team`),
    },
    { name: "a redirect to a login page", code: "mlflow-intercepted", arrange: at(({ login }) => login) },
    { name: "a page in place of MLflow", code: "mlflow-intercepted", arrange: at(({ page }) => page) },
    {
      name: "a page that --dry-run alone names",
      code: "host-not-allowed",
      arrange: async () => ({ PAGE: (await servers()).page }),
      shell: 'exec "$@" --dry-run "$PAGE"',
    },
    { name: "a gateway whose server is gone", code: "mlflow-failed", arrange: at(({ broken }) => broken) },
    { name: "a server that is asked too often", code: "mlflow-throttled", arrange: at(({ throttled }) => throttled) },
    { name: "a search that takes long", code: "mlflow-slow", arrange: at(({ slow }) => slow) },
    { name: "a redirect to another path", code: "mlflow-wrong-address", arrange: at(({ moved }) => moved) },
    {
      name: "a server that wants a client certificate",
      code: "mlflow-client-certificate",
      arrange: at(({ mutual }) => mutual),
    },
    {
      name: "a workspace of a server that has none",
      code: "mlflow-workspace",
      arrange: async () => ({ MLFLOW_TRACKING_URI: await urlOf((await servers()).bearer), MLFLOW_WORKSPACE: "team" }),
    },
    { name: "a server that asks for no credential", code: "mlflow-open", arrange: at(({ open }) => urlOf(open)) },
    {
      name: "a Host header that MLflow refuses",
      code: "mlflow-host-blocked",
      arrange: at(({ blocked }) => urlOf(blocked)),
    },
    { name: "a token at MLflow's basic-auth", code: "mlflow-wrong-scheme", arrange: at(({ basic }) => urlOf(basic)) },
    {
      name: "a password at a server that takes tokens",
      code: "mlflow-wrong-scheme",
      secret: "mlflow-basic",
      arrange: at(({ bearer }) => urlOf(bearer)),
    },
    {
      name: "a wrong password",
      code: "mlflow-rejected",
      secret: "mlflow-basic",
      arrange: async ({ world }) => {
        const value = JSON.stringify({ ...basic, password: "another-password-canary" });
        for (const vault of world.vaults) for (const one of vault.secrets.get("mlflow-basic") ?? []) one.value = value;
        return { MLFLOW_TRACKING_URI: await urlOf((await servers()).basic) };
      },
    },
    {
      name: "a wrong token",
      code: "mlflow-rejected",
      arrange: async ({ world }) => {
        for (const vault of world.vaults) for (const one of vault.secrets.get("mlflow") ?? []) one.value = "old-canary";
        return { MLFLOW_TRACKING_URI: await urlOf((await servers()).bearer) };
      },
    },
    {
      name: "a token of somebody whom MLflow does not know",
      code: "mlflow-rejected",
      secret: "mlflow-plain",
      arrange: at(({ bearer }) => urlOf(bearer)),
    },
    {
      name: "a user without any permission",
      code: "mlflow-forbidden",
      secret: "mlflow-basic",
      arrange: at(({ basic }) => urlOf(basic)),
    },
  ];
}
