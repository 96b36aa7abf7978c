import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Pair } from "../tls.ts";
import { findProgram, freePort, startPart } from "./part.ts";

/** What nginx stands in front of, and what it knows. */
export interface NginxOptions {
  /** URL of an MLflow server that asks for no credential, without a slash at its end. */
  readonly open: string;
  /** URL of one that takes bearer tokens, and its own authority to check them. */
  readonly bearer: string;
  /** URL of one whose list of hosts does not hold nginx's. */
  readonly blocked: string;
  /** The user and the password that `auth_basic` takes. */
  readonly user: { readonly name: string; readonly password: string };
  /** The certificate of its TLS ports, for `localhost`, and the authority of client certificates. */
  readonly server: Pair;
  readonly clientAuthority: string;
}

/** nginx, with a port for each way in which it stands in front of a server. */
export interface Nginx extends AsyncDisposable {
  /** `auth_basic` in front of an open server. */
  readonly basic: string;
  /** `auth_request` to the server that takes tokens. */
  readonly request: string;
  /** TLS in front of an open server, and the same port spoken to without TLS. */
  readonly tls: string;
  readonly tlsPlain: string;
  /** A TLS port that wants a client's certificate. */
  readonly mutual: string;
  /** Everything sent to https on the same host, and to another path. */
  readonly toHttps: string;
  readonly toPath: string;
  /** A server that is gone. */
  readonly gone: string;
  /** A rewritten Host header, which MLflow refuses. */
  readonly hostRewritten: string;
  /** One request a minute, the rest 429. */
  readonly limited: string;
}

const PORTS = ["basic", "request", "tls", "mutual", "toHttps", "toPath", "gone", "hostRewritten", "limited"] as const;
type PortName = typeof PORTS[number];

/**
 * Starts nginx.
 *
 * @param options what it stands in front of
 * @returns its addresses, or `undefined` where there is no nginx and none can be installed
 */
export async function startNginx(options: NginxOptions): Promise<Nginx | undefined> {
  const program = await findProgram("nginx", "nginx-light");
  if (program === undefined) return undefined;
  const folder = await mkdtemp(join(tmpdir(), "mlflow-auth-nginx-"));
  // Its workers are another user's, where root starts it.
  await chmod(folder, 0o755);
  const ports = Object.fromEntries(await Promise.all(PORTS.map(async (name) => [name, await freePort()] as const)));
  const port = (name: PortName): number => ports[name] ?? 0;
  const hash = btoa(String.fromCharCode(
    ...new Uint8Array(await crypto.subtle.digest("SHA-1", new TextEncoder().encode(options.user.password))),
  ));
  await Promise.all([
    writeFile(join(folder, "users"), `${options.user.name}:{SHA}${hash}\n`),
    writeFile(join(folder, "server.pem"), options.server.certificate),
    writeFile(join(folder, "server.key"), options.server.key),
    writeFile(join(folder, "clients.pem"), options.clientAuthority),
    writeFile(join(folder, "nginx.conf"), configuration(folder, { ...options, port })),
  ]);
  const part = await startPart([program, "-p", folder, "-c", join(folder, "nginx.conf"), "-e", "stderr"], {
    cwd: folder,
    env: { PATH: "/usr/sbin:/usr/bin:/bin" },
    answers: `http://127.0.0.1:${port("toPath")}/`,
  });
  const http = (name: PortName): string => `http://127.0.0.1:${port(name)}`;
  return {
    basic: http("basic"),
    request: http("request"),
    tls: `https://localhost:${port("tls")}`,
    tlsPlain: http("tls"),
    mutual: `https://localhost:${port("mutual")}`,
    toHttps: `http://localhost:${port("toHttps")}`,
    toPath: http("toPath"),
    gone: http("gone"),
    hostRewritten: http("hostRewritten"),
    limited: http("limited"),
    [Symbol.asyncDispose]: async () => {
      await part[Symbol.asyncDispose]();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function configuration(
  folder: string,
  { open, bearer, blocked, port }: NginxOptions & { readonly port: (name: PortName) => number },
): string {
  const tls = `ssl_certificate ${folder}/server.pem; ssl_certificate_key ${folder}/server.key;`;
  const pass = (to: string): string => `location / { proxy_pass ${to}; proxy_set_header Host 127.0.0.1; }`;
  return `daemon off;
worker_processes 1;
error_log stderr;
pid ${folder}/pid;
events {}
http {
  access_log off;
  client_body_temp_path ${folder}/body;
  proxy_temp_path ${folder}/proxy;
  fastcgi_temp_path ${folder}/fastcgi;
  uwsgi_temp_path ${folder}/uwsgi;
  scgi_temp_path ${folder}/scgi;
  limit_req_zone $server_name zone=slow:1m rate=1r/m;
  limit_req_status 429;
  server { listen 127.0.0.1:${port("basic")}; auth_basic "team"; auth_basic_user_file ${folder}/users;
    location / { proxy_pass ${open}; proxy_set_header Host 127.0.0.1; proxy_set_header Authorization ""; } }
  server { listen 127.0.0.1:${port("request")};
    location / { auth_request /who; proxy_pass ${bearer}; proxy_set_header Host 127.0.0.1; }
    location = /who { internal; proxy_pass ${bearer}/api/2.0/mlflow/users/current;
      proxy_pass_request_body off; proxy_set_header Content-Length ""; proxy_set_header Host 127.0.0.1; } }
  server { listen 127.0.0.1:${port("tls")} ssl; ${tls} ${pass(bearer)} }
  server { listen 127.0.0.1:${port("mutual")} ssl; ${tls}
    ssl_client_certificate ${folder}/clients.pem; ssl_verify_client on; ${pass(bearer)} }
  server { listen 127.0.0.1:${port("toHttps")}; return 301 https://localhost:${port("tls")}$request_uri; }
  server { listen 127.0.0.1:${port("toPath")};
    location /team/ { proxy_pass ${bearer}/; proxy_set_header Host 127.0.0.1; }
    location / { return 302 /team$request_uri; } }
  server { listen 127.0.0.1:${port("gone")}; ${pass("http://127.0.0.1:9")} }
  server { listen 127.0.0.1:${port("hostRewritten")};
    location / { proxy_pass ${blocked}; proxy_set_header Host mlflow-upstream; } }
  server { listen 127.0.0.1:${port("limited")}; location / { limit_req zone=slow; proxy_pass ${bearer};
    proxy_set_header Host 127.0.0.1; } }
}
`;
}
