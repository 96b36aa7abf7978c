import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { findProgram, freePort, run, startPart } from "./part.ts";

/** What Caddy stands in front of. */
export interface CaddyOptions {
  /** URL of an MLflow server that asks for no credential, and of one that takes tokens; without a slash at its end. */
  readonly open: string;
  readonly bearer: string;
  readonly user: { readonly name: string; readonly password: string };
  /** The program; Debian's by default. */
  readonly program?: string;
}

/** Caddy, with a port for each way in which it stands in front of a server. */
export interface Caddy extends AsyncDisposable {
  /** `basicauth` in front of an open server. */
  readonly basic: string;
  /** `forward_auth` to the server that takes tokens. */
  readonly forward: string;
  /** Such as `v2.6.2`. */
  readonly version: string;
}

/**
 * Starts Caddy.
 *
 * @param options what it stands in front of
 * @returns its addresses, or `undefined` where there is no Caddy and none can be installed
 */
export async function startCaddy(options: CaddyOptions): Promise<Caddy | undefined> {
  const program = options.program ?? await findProgram("caddy", "caddy");
  if (program === undefined) return undefined;
  const folder = await mkdtemp(join(tmpdir(), "mlflow-auth-caddy-"));
  const env = { PATH: "/usr/bin:/bin", HOME: folder, XDG_DATA_HOME: folder, XDG_CONFIG_HOME: folder };
  const [basic, forward] = await Promise.all([freePort(), freePort()]);
  const version = /v?(\d+\.\d+\.\d+)/.exec(await run(program, ["version"], { env }))?.[0] ?? "unknown";
  const hash = (await run(program, ["hash-password", "--plaintext", options.user.password], { env })).trim();
  const path = join(folder, "Caddyfile");
  // Renamed in 2.8; the old name still works there.
  await writeFile(
    path,
    `{
  admin off
  auto_https off
}
http://127.0.0.1:${basic} {
  basicauth {
    ${options.user.name} ${hash}
  }
  reverse_proxy ${options.open} {
    header_up Host 127.0.0.1
    header_up -Authorization
  }
}
http://127.0.0.1:${forward} {
  forward_auth ${options.bearer} {
    uri /api/2.0/mlflow/users/current
    header_up Host 127.0.0.1
  }
  reverse_proxy ${options.bearer} {
    header_up Host 127.0.0.1
  }
}
`,
  );
  const part = await startPart([program, "run", "--config", path, "--adapter", "caddyfile"], {
    cwd: folder,
    env,
    answers: `http://127.0.0.1:${forward}/`,
  });
  return {
    basic: `http://127.0.0.1:${basic}`,
    forward: `http://127.0.0.1:${forward}`,
    version,
    [Symbol.asyncDispose]: async () => {
      await part[Symbol.asyncDispose]();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
