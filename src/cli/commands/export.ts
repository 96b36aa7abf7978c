import { errorCode } from "../../core/error_code.ts";
import { AuthError } from "../../core/errors.ts";
import type { Changes, Host } from "../../core/host.ts";
import { nearest } from "../../core/nearest.ts";
import { showPath } from "../../core/shown.ts";
import { CREDENTIAL_VARIABLES, variablesFor } from "../../credential/apply.ts";
import { BEFORE_PROXY } from "../../credential/before_proxy.ts";
import { proxyIn } from "../../credential/proxied.ts";
import { detectFormat } from "../../shell/detect.ts";
import type { Format } from "../../shell/formats/format.ts";
import { findFormat, FORMATS } from "../../shell/formats/formats.ts";
import { obtainCredential } from "../credential.ts";
import { fillLines } from "../fill_lines.ts";
import { print } from "../output.ts";
import { ALLOW_HTTP, FORCE, FRESH, KEY_IN_URL } from "../line/options.ts";
import { besideOptions, checkProxyFlags } from "../proxied/proxy_options.ts";
import type { Session } from "../session.ts";
import { makeCommand } from "./command.ts";

/** `export`, which prints code that sets or unsets the variables. */
export const EXPORT = makeCommand({
  description: "Print code that sets the variables, for a shell, a file or a CI system.",
  options: [
    { flag: "--format", value: "name", doc: "what reads the output; by default the calling shell" },
    { flag: "--unset", doc: "take back what export set, not what it removed" },
    { flag: "--reveal", doc: "print secrets to a terminal too" },
    { flag: "--keep-env", value: "name", doc: "do not unset this variable (repeatable)", many: true },
    FORCE,
    { flag: "--proxy", doc: "renew the credential in a proxy that ends with the shell" },
    KEY_IN_URL,
    ALLOW_HTTP,
    FRESH,
  ],
  takesSettings: true,
  help: `${fillLines(["Formats:", ...FORMATS.map(({ name }) => name)], 60)}

Example:
  $ creds=$(mlflow-auth export) && eval "$creds"`,
  run: async (session, { options, host }) => {
    const format = requireFormat(options.format ?? callersFormat(host));
    const output: Output = { format, host };
    const keep = options.keepEnv ?? [];
    const force = options.force === true;
    checkProxyFlags(options);
    checkReader(output);
    if (options.unset === true) {
      await printUnset(output, { keep, session, reveal: options.reveal === true });
      return 0;
    }
    checkTerminal(output, options.reveal === true);
    if (options.proxy === true) {
      const { exportBeside } = await import("../proxied/export_beside.ts");
      const print = (changes: Changes): Promise<void> => printChanges(output, changes);
      await exportBeside(session, { keep, force, format, print, ...besideOptions(options, session) });
      return 0;
    }
    const { credential } = await obtainCredential(session, force);
    await printChanges(
      output,
      variablesFor(credential, { env: session.host.env, more: session.clientVariables, keep }),
    );
    return 0;
  },
});

interface Output {
  readonly format: Format;
  readonly host: Host;
}

type Caller = Pick<Host, "platform" | "env" | "ancestors">;

const callersFormat = ({ platform, env, ancestors }: Caller): string =>
  detectFormat({ platform, env, ancestors: ancestors() });

function requireFormat(name: string): Format {
  const format = findFormat(name);
  if (format !== undefined) return format;
  const names = FORMATS.map((known) => known.name);
  const near = nearest(name, names);
  throw new AuthError("usage", {
    message: 'Cannot print what "--format" names: there is no such format',
    remedy: near !== undefined && near.distance <= 2
      ? `mlflow-auth export --format ${near.word}`
      : `choose one of ${names.join(", ")}`,
  });
}

/** Variables that nobody reads are set nowhere, and a proxy that nobody finds would stay until the shell ends. */
function checkReader({ format, host }: Output): void {
  if (format.file !== undefined || !host.stdout.isLost()) return;
  throw new AuthError("output-failed", {
    message: 'Cannot write to "standard output": it is closed',
    remedy: `let something read it: ${format.usage}`,
  });
}

/**
 * A terminal is where a secret is seen by whoever looks; inside `$(…)`, a pipe or a redirection there is none. What is appended to a file
 * is seen there all the same where masks of it go to standard error.
 */
function checkTerminal({ format, host }: Output, reveal: boolean): void {
  const prints = format.file === undefined
    ? host.stdout.isTerminal()
    : format.masks !== undefined && (host.stdout.isTerminal() || host.stderr.isTerminal());
  if (reveal || !prints) return;
  throw new AuthError("terminal-refused", {
    message: `Cannot print a secret to a terminal: format "${format.name}" is meant for ${format.reader}`,
    remedy: `pass --reveal, or hand it to its reader: ${format.usage}`,
  });
}

/** A proxy ends when this is called: at a terminal nobody would evaluate what leads back, and the shell would lead nowhere. */
function checkEvaluated({ format, host }: Output, reveal: boolean): void {
  if (reveal || format.file !== undefined || !host.stdout.isTerminal()) return;
  throw new AuthError("terminal-refused", {
    message: `Cannot leave the proxy from a terminal: format "${format.name}" is meant for ${format.reader}`,
    remedy: `${format.usage.replace("mlflow-auth export", "mlflow-auth export --unset")}  (--reveal prints it)`,
  });
}

async function printUnset(
  { format, host }: Output,
  { keep, session, reveal }: { readonly keep: readonly string[]; readonly session: Session; readonly reveal: boolean },
): Promise<void> {
  if (format.unset === undefined) {
    throw new AuthError("format-cannot-unset", {
      message: `Cannot unset variables in format "${format.name}": it cannot express it`,
      remedy: "choose --format sh or --format json",
    });
  }
  const names = [...new Set([...CREDENTIAL_VARIABLES, ...Object.keys(session.clientVariables)])]
    .filter((name) => !keep.includes(name));
  if (proxyIn(host.env) !== undefined || host.env[BEFORE_PROXY] !== undefined) {
    checkEvaluated({ format, host }, reveal);
    const { leaveProxy } = await import("../proxied/leave_proxy.ts");
    const { set, remove } = await leaveProxy(host, session.log);
    const back = new Set(set.map(([name]) => name));
    const all = [...new Set([...names, ...remove])].filter((name) => !back.has(name));
    if (set.length > 0) return await printChanges({ format, host }, { set, remove: all });
    return await deliver({ format, host }, format.unset(all, { env: host.env, random: host.randomHex }));
  }
  await deliver({ format, host }, format.unset(names, { env: host.env, random: host.randomHex }));
}

async function printChanges({ format, host }: Output, changes: Changes): Promise<void> {
  const text = format.print(changes, { env: host.env, random: host.randomHex });
  // A mask that comes after the value comes too late.
  if (format.masks !== undefined && host.env["GITHUB_ACTIONS"] === "true") {
    await host.stderr.write(format.masks(changes));
  }
  await deliver({ format, host }, text);
}

async function deliver({ format, host }: Output, text: string): Promise<void> {
  if (format.file === undefined) return await print(host, text);
  const path = host.env[format.file] ?? "";
  if (path === "") {
    throw new AuthError("setting-missing", {
      message: `Cannot write the variables: "${format.file}" is not set`,
      remedy: `run it in a CI job, which sets ${format.file}, or choose another --format`,
    });
  }
  try {
    await host.appendLines(path, text);
  } catch (cause) {
    throw new AuthError("output-failed", {
      message: `Cannot write the variables to "${showPath(path)}": ${errorCode(cause) ?? "it is not writable"}`,
      remedy: `check that the file of ${format.file} exists and can be written`,
      cause,
    });
  }
}

/**
 * What stdout must carry when `export` fails, so that the `eval` around it fails too.
 *
 * @param argv the command line, understood or not
 * @param host whose calling shell is looked at where the line names no format
 * @returns the failing word of the format named, else of the calling shell
 */
export function failureWord(argv: readonly string[], host: Caller): string {
  const at = argv.findLastIndex((word) => word === "--format" || word.startsWith("--format="));
  const named = argv[at] === "--format" ? argv[at + 1] : argv[at]?.slice("--format=".length);
  const format = findFormat(named ?? "") ?? findFormat(callersFormat(host));
  return format?.failure ?? "";
}
