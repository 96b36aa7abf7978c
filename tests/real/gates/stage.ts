import { execFile } from "node:child_process";
import { createServer } from "node:http";
import { once } from "node:events";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { startStub, type Stub, STUB_KINDS } from "../../support/gates/answers.ts";
import { type Caddy, startCaddy } from "../../support/gates/caddy.ts";
import { type MlflowOidcAuth, startMlflowOidcAuth } from "../../support/gates/mlflow_oidc_auth.ts";
import { type Nginx, startNginx } from "../../support/gates/nginx.ts";
import { type OidcProvider, startOidcProvider } from "../../support/gates/oidc_provider.ts";
import { startTlsServers, type TlsServers } from "../../support/gates/tls_servers.ts";
import { SECRETS } from "../../support/azure/ids.ts";
import { type Azure, startAzure } from "../../support/azure/start_azure.ts";
import { type Mlflow, startMlflow } from "../../support/mlflow.ts";
import { pythonWith } from "../../support/python.ts";
import { makeAuthority } from "../../support/tls.ts";

/** The user of every gate, as the secrets of the stand-in have it. */
const user = JSON.parse(SECRETS["mlflow-basic"]) as { readonly username: string; readonly password: string };
const { token } = JSON.parse(SECRETS.mlflow) as { readonly token: string };

/** Everything that the cases meet: real servers, real gates, and a server for answers that those do not give here. */
export interface Stage extends AsyncDisposable {
  readonly azure: Azure;
  readonly python: string;
  readonly open: Mlflow;
  readonly basic: Mlflow;
  readonly bearer: Mlflow;
  readonly blocked: Mlflow;
  /** Without artifacts; with workspaces. */
  readonly bare: Mlflow;
  readonly workspaces: Mlflow;
  readonly tls: TlsServers;
  readonly stub: Stub;
  readonly nginx: Nginx | undefined;
  readonly caddy: Caddy | undefined;
  readonly provider: OidcProvider;
  readonly oidc: MlflowOidcAuth | undefined;
  /** A token that {@link Stage.oidc} takes. */
  readonly oidcToken: string;
  /** Addresses at which something else than HTTP happens. */
  readonly silent: string;
  readonly noise: string;
  /** PEM files by name: `ca`, `self`, `client` (with its key), `client-only`, `other-client`. */
  readonly pem: (name: PemName) => string;
  /** Folders with the root of {@link Stage.tls}: as `openssl rehash` leaves it, and under a name of no meaning. */
  readonly folders: { readonly hashed: string; readonly plain: string };
  /** Credentials as secret texts. */
  readonly texts: {
    readonly token: string;
    readonly pair: string;
    readonly wrongToken: string;
    readonly wrongPair: string;
  };
}

type PemName = "ca" | "self" | "client" | "client-only" | "other-client" | "no-pem";

/**
 * Starts everything.
 *
 * @param caddy another Caddy than Debian's
 * @returns the stage; a gate that cannot be had here is `undefined`
 */
export async function startStage({ caddy: program }: { readonly caddy?: string } = {}): Promise<Stage> {
  await using stack = new AsyncDisposableStack();
  const use = async <T extends AsyncDisposable>(part: Promise<T>): Promise<T> => stack.use(await part);
  const known = { [user.username]: user.password };
  const [python, azure, authority, clients, others] = await Promise.all([
    pythonWith("mlflow"),
    use(startAzure()),
    makeAuthority("mlflow-auth tracking root"),
    makeAuthority("client root"),
    makeAuthority("other client root"),
  ]);
  const bearerOptions = { auth: "bearer", users: { trainer: token } } as const;
  const [open, basic, bearer, blocked, bare, workspaces, provider] = await Promise.all([
    use(startMlflow({ auth: "open" })),
    use(startMlflow({ auth: "basic", users: known })),
    use(startMlflow(bearerOptions)),
    use(startMlflow({ auth: "open", allowedHosts: "mlflow.corp.example" })),
    use(startMlflow({ ...bearerOptions, servesArtifacts: false })),
    use(startMlflow({ ...bearerOptions, workspaces: true })),
    use(startOidcProvider()),
  ]);
  const stub = await use(startStub([`Bearer ${token}`, `Basic ${btoa(`${user.username}:${user.password}`)}`]));
  const tls = await use(startTlsServers((request, response) => {
    const signed = request.headers.authorization === `Bearer ${token}`;
    const { status, headers = {}, body = "" } = STUB_KINDS["fine"]?.(request.url ?? "/", signed) ?? { status: 404 };
    request.resume();
    response.writeHead(status, headers as Record<string, string>).end(body);
  }, { authority, clients, python, token }));
  const server = await authority.server(["localhost", "127.0.0.1"]);
  const gate = { user: { name: user.username, password: user.password }, open: open.url, bearer: bearer.url };
  const nginx = await startNginx({ ...gate, blocked: blocked.url, server, clientAuthority: clients.certificate });
  const caddy = await startCaddy({ ...gate, ...(program === undefined ? {} : { program }) });
  const oidc = await startMlflowOidcAuth(provider).catch(() => undefined);
  if (nginx !== undefined) stack.use(nginx);
  if (caddy !== undefined) stack.use(caddy);
  if (oidc !== undefined) stack.use(oidc);
  const oidcToken = await provider.token({ audience: oidc?.audience ?? "urn:mlflow", email: "ada@example.com" });
  const [client, stranger] = [await clients.client("trainer"), await others.client("trainer")];
  const files: Readonly<Record<PemName, string>> = {
    "ca": authority.certificate,
    "self": tls.selfSignedPem,
    "client": client.certificate + client.key,
    "client-only": client.certificate,
    "other-client": stranger.certificate + stranger.key,
    "no-pem": "this is no certificate\n",
  };
  const pem = (name: PemName): string => join(azure.folder, `gate-${name}.pem`);
  await Promise.all(Object.entries(files).map(([name, text]) => writeFile(pem(name as PemName), text)));
  const folders = { hashed: join(azure.folder, "hashed"), plain: join(azure.folder, "plain") };
  await Promise.all(
    Object.values(folders).map(async (folder) => {
      await mkdir(folder);
      await writeFile(join(folder, "root.pem"), authority.certificate);
    }),
  );
  await promisify(execFile)("openssl", ["rehash", folders.hashed]);
  const [silent, noise] = [await raw(stack, ""), await raw(stack, "220 mail.example ESMTP\r\n")];
  const moved = stack.move();
  return {
    azure,
    python,
    open,
    basic,
    bearer,
    blocked,
    bare,
    workspaces,
    tls,
    stub,
    nginx,
    caddy,
    provider,
    oidc,
    oidcToken,
    silent,
    noise,
    pem,
    folders,
    texts: {
      token: SECRETS.mlflow,
      pair: SECRETS["mlflow-basic"],
      wrongToken: '{"token": "another-token-canary"}',
      wrongPair: JSON.stringify({ username: user.username, password: "another-password-canary" }),
    },
    [Symbol.asyncDispose]: () => moved.disposeAsync(),
  };
}

/** A port that says this to whoever connects, and nothing else. */
async function raw(stack: AsyncDisposableStack, greeting: string): Promise<string> {
  const server = createServer();
  server.removeAllListeners("connection");
  server.on("connection", (socket) => {
    socket.on("error", () => {});
    if (greeting !== "") socket.end(greeting);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  stack.defer(() => void server.close());
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("The port has no number");
  return `http://127.0.0.1:${address.port}`;
}
