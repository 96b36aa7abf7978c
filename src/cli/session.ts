import { AuthError } from "../core/errors.ts";
import type { Host } from "../core/host.ts";
import { type Log, makeLog } from "../core/log.ts";
import { readSettings, type SettingSources, type SettingsRead } from "../core/read_settings.ts";
import { SETTINGS } from "../core/settings.ts";
import type { EnvFile } from "./env_file.ts";
import { tell } from "./output.ts";

/** What the options before and after a command say about settings. */
export interface GivenOptions {
  /** Paths of `--env-file`, in the order given. */
  readonly envFiles: readonly string[];
  /** Values of the options of settings, by flag. */
  readonly flags: Readonly<Record<string, string>>;
}

/** What a command works with. */
export interface Session extends SettingsRead {
  readonly host: Host;
  readonly log: Log;
  /** What the settings were read from besides the environment. */
  readonly sources: Omit<SettingSources, "env">;
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
  return sessionOf(host, { flags: given.flags, files: await readEnvFiles(given.envFiles, host) });
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
  const proxies = proxiesFromFiles(sources.files ?? [], host.env);
  if (Object.keys(proxies).length > 0) host.useProxies(proxies);
  const { value, source } = read.settings.logLevel;
  const level = source.from === "default" && host.env["RUNNER_DEBUG"] === "1" ? "DEBUG" : value;
  const problems = [...read.problems, ...verboseFetch(host)];
  const log = makeLog(level, (line) => void tell(host, `${line}\n`));
  for (const warning of read.warnings) log.warning(warning);
  return { ...read, problems, host, log, sources };
}

/** Bun prints requests with their headers, tokens included, and reads this variable before any code of ours runs. */
function verboseFetch({ build, env }: Pick<Host, "build" | "env">): readonly AuthError[] {
  const name = "BUN_CONFIG_VERBOSE_FETCH";
  if (build.runtime !== "bun" || /^(|0|false)$/i.test(env[name] ?? "")) return [];
  return [
    new AuthError("setting-conflict", {
      message: `Cannot keep tokens out of the output: "${name}" makes Bun print them`,
      remedy: `unset ${name}, or use the executable that Deno compiled`,
    }),
  ];
}

/** The reader is loaded only where a file is named: it costs more than all of `--help`. */
async function readEnvFiles(paths: readonly string[], host: Pick<Host, "readText">): Promise<readonly EnvFile[]> {
  if (paths.length === 0) return [];
  const { readEnvFile } = await import("./env_file.ts");
  return await Promise.all(paths.map((path) => readEnvFile(path, host)));
}

/** The runtime reads proxy variables from its own environment, so what only a file sets has to be put there. */
function proxiesFromFiles(files: readonly EnvFile[], env: Host["env"]): Readonly<Record<string, string>> {
  const found: Record<string, string> = {};
  for (const name of SETTINGS.filter((row) => /Proxy$/.test(row.key)).flatMap((row): readonly string[] => row.names)) {
    const value = files.findLast((file) => (file.variables[name] ?? "") !== "")?.variables[name];
    if (value !== undefined && (env[name] ?? "") === "") found[name] = value;
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
