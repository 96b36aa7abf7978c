import { AuthError } from "../core/errors.ts";
import { unwrap } from "../core/settings/as_pasted.ts";
import { clientVariables } from "../core/settings/client_variables.ts";
import type { Host } from "../core/host.ts";
import { type Log, makeLog } from "../core/log.ts";
import { routeFor } from "../core/proxy_route.ts";
import { readSettings, type SettingSources, type SettingsRead } from "../core/settings/read_settings.ts";
import { nameOf } from "../core/settings/setting_name.ts";
import { SETTINGS } from "../core/settings/settings.ts";
import type { EnvFile } from "./env_file.ts";
import { loudRuntime } from "./loud_runtime.ts";
import { tell } from "./output.ts";

/** What the options before and after a command say about settings. */
export interface GivenOptions {
  /** Paths of `--env-file`, in the order given. */
  readonly envFiles: readonly string[];
  /** Values of the options of settings, by flag. */
  readonly flags: Readonly<Record<string, string>>;
  /** Whether a credential is read anew although the kernel keeps one. */
  readonly fresh?: boolean;
}

/** What a command works with. */
export interface Session extends SettingsRead {
  readonly host: Host;
  readonly log: Log;
  /** MLflow's own variables of env files, which {@link Session.host}'s environment holds too; the command gets them. */
  readonly clientVariables: Readonly<Record<string, string>>;
  /** What the settings were read from besides the environment. */
  readonly sources: Omit<SettingSources, "env">;
  /** Whether a credential is read anew although the kernel keeps one. */
  readonly fresh?: boolean;
}

/**
 * Reads the settings and opens the log.
 *
 * @param host the world
 * @param given what the options say
 * @returns the settings, their problems, and a log to stderr at the level that was set (`RUNNER_DEBUG=1` of GitHub means `DEBUG`)
 * @throws {AuthError} `env-file-unreadable`
 */
export async function openSession(host: Host, given: GivenOptions): Promise<Session> {
  const session = sessionOf(host, { flags: given.flags, files: await readEnvFiles(given.envFiles, host) });
  return { ...session, fresh: given.fresh === true };
}

/**
 * Opens a session of what was read from options and env files, by this process or by the one that started it.
 *
 * @param host the world
 * @param sources the options and the files
 * @returns the same as {@link openSession}
 */
export function sessionOf(host: Host, sources: Session["sources"]): Session {
  const read = readSettings({ ...sources, env: host.env });
  const proxies = proxyVariables(sources.files ?? [], host.env);
  if (Object.keys(proxies).some((name) => !/^no_/i.test(name))) host.useProxies(routeFor(read, host.env), proxies);
  const { value: region, source: by } = read.settings.region;
  // Azure's packages look for it in this process' own environment.
  if (by.from !== "default" && region !== undefined && host.env[by.name] !== region) host.setVariable(by.name, region);
  const { value, source } = read.settings.logLevel;
  const level = source.from === "default" && host.env["RUNNER_DEBUG"] === "1" ? "DEBUG" : value;
  const problems = [...read.problems, ...loudRuntime(host), ...socksUnderBun(read.settings, host)];
  const log = makeLog(level, (line) => void tell(host, `${line}\n`));
  for (const warning of [...(sources.files ?? []).flatMap(({ warnings = [] }) => warnings), ...read.warnings]) {
    log.warning(warning);
  }
  const more = clientVariables(sources.files ?? [], host.env);
  const hasMore = Object.keys(more).length > 0;
  const world = hasMore ? { ...host, env: { ...more, ...host.env } } : host;
  return { ...read, problems, host: world, clientVariables: more, log, sources };
}

/** Bun cannot speak SOCKS, and would fail at the first request without naming the variable. */
function socksUnderBun(settings: SettingsRead["settings"], { build }: Pick<Host, "build">): readonly AuthError[] {
  const setting = [settings.httpsProxy, settings.httpProxy].find(({ value }) => value?.startsWith("socks") === true);
  if (build.runtime !== "bun" || setting === undefined) return [];
  const name = nameOf(setting, "HTTPS_PROXY");
  return [
    new AuthError("setting-invalid", {
      message: `Cannot use "${name}": this build, of Bun, cannot use a SOCKS proxy`,
      remedy: `use the executable that Deno compiled, or: export ${name}=http://HOST:PORT`,
    }),
  ];
}

/** The reader is loaded only where a file is named: it costs more than all of `--help`. */
async function readEnvFiles(paths: readonly string[], host: Pick<Host, "readBytes">): Promise<readonly EnvFile[]> {
  if (paths.length === 0) return [];
  const { readEnvFile } = await import("./env_file.ts");
  return await Promise.all(paths.map((path) => readEnvFile(path, host)));
}

/**
 * The proxy variables in the form that everybody reads. Azure's packages and developer tools such as `az` look at this process' own
 * environment; the command gets what the caller set.
 */
function proxyVariables(files: readonly EnvFile[], env: Host["env"]): Readonly<Record<string, string>> {
  const found: Record<string, string> = {};
  for (const row of SETTINGS.filter(({ key }) => /Proxy$/.test(key))) {
    for (const name of row.names) {
      const file = files.findLast((candidate) => (candidate.variables[name] ?? "") !== "");
      const given = [env[name] ?? "", file?.variables[name] ?? ""].filter((text) => text !== "");
      if (given.length === 0) continue;
      const text = given.map((one) => unwrap(one).text).find((one) => one !== "") ?? "";
      try {
        found[name] = text === "" ? "" : String(row.parse(text));
      } catch {
        // Refused before anybody looks, and none of Azure's packages is to trip over it.
        found[name] = "";
      }
    }
  }
  return found;
}

/**
 * Stops a command whose settings cannot be used.
 *
 * @param session what {@link openSession} gave
 * @throws {AuthError} the first problem of the settings
 */
export function requireSettings(session: Pick<Session, "problems">): void {
  const [problem] = session.problems;
  if (problem !== undefined) throw problem;
}
