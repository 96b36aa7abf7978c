import { AuthError } from "../core/errors.ts";
import type { ExecFailure, Host } from "../core/host.ts";
import { nearest } from "../core/nearest.ts";
import { pathWord, secretLook } from "../core/shown.ts";

/** Words that only a shell knows, most of them without a program of the same name. */
const BUILTINS =
  /^(?:\.|alias|bg|bind|builtin|cd|declare|dirs|disown|eval|exec|exit|export|fc|fg|function|hash|history|if|jobs|let|local|popd|pushd|read|readonly|return|set|shift|shopt|source|trap|type|typeset|ulimit|umask|unalias|unset|wait|while)$/;

/** Those of them that a plain `sh` need not have. */
const OF_BASH = /^(?:bind|builtin|declare|dirs|disown|function|history|let|popd|pushd|shopt|source|typeset)$/;

/** What a command that did not start was. */
export interface Attempt {
  /** The command and its arguments. */
  readonly argv: readonly string[];
  readonly failure: ExecFailure;
  readonly host: Pick<Host, "env" | "isFile" | "listFolder" | "platform">;
}

/** Folders of PATH. */
const foldersOf = ({ env, platform }: Attempt["host"]): readonly string[] =>
  (env["PATH"] ?? "").split(platform === "windows" ? ";" : ":").filter((folder) => folder !== "");

/** Where a command's file is; `undefined` where there is none. */
async function pathOf(name: string, host: Attempt["host"]): Promise<string | undefined> {
  const paths = name.includes("/") ? [name] : foldersOf(host).map((folder) => `${folder}/${name}`);
  for (const path of paths) if (await host.isFile(path)) return path;
  return undefined;
}

/** A folder of PATH that this user may not look into: what would be found there is not known. */
async function closedFolder(host: Attempt["host"]): Promise<string | undefined> {
  for (const folder of foldersOf(host)) {
    const closed = await host.listFolder(folder).then(() => false, (error) => error.code === "EACCES");
    if (closed) return folder;
  }
  return undefined;
}

/** A program of nearly the same name. */
async function nearName(name: string, host: Attempt["host"]): Promise<string | undefined> {
  if (name.includes("/") || name.length < 3) return undefined;
  const lists = await Promise.all(foldersOf(host).map((folder) => host.listFolder(folder).catch(() => [])));
  const near = nearest(name, [...new Set(lists.flat())].filter((one) => Math.abs(one.length - name.length) <= 2));
  return near !== undefined && near.distance <= (name.length < 6 ? 1 : 2) ? near.word : undefined;
}

/** How to run a script that is named without its interpreter; many systems have Python as `python3` alone. */
async function withInterpreter(path: string, host: Attempt["host"]): Promise<string> {
  if (!/\.py$/.test(path)) return pathWord(path);
  return `${await pathOf("python", host) === undefined ? "python3" : "python"} ${pathWord(path)}`;
}

async function whyNotFound(
  { argv: [name = "", ...rest], failure, host }: Attempt,
): Promise<readonly [is: string, remedy: string]> {
  const { reason } = failure;
  const line = (command: string): string => `mlflow-auth exec -- ${command}`;
  const interpreter = /interpreter "(.*)" does not exist/.exec(reason)?.[1];
  if (interpreter?.endsWith("\\r") === true) {
    const path = await pathOf(name, host) ?? name;
    return ["its first line ends in a carriage return, as Windows writes it", `sed -i 's/\\r$//' ${pathWord(path)}`];
  }
  if (interpreter !== undefined) {
    const own = interpreter.replace(/^.*\//, "");
    const path = await pathOf(name, host) ?? name;
    return [
      reason,
      `install ${pathWord(interpreter)}, or correct the first line; if it is elsewhere: ${
        line(`${own} ${pathWord(path)}`)
      }`,
    ];
  }
  if (/^[A-Za-z_]\w*=/.test(name)) {
    return [
      "it sets a variable, which only a shell understands here",
      line(`env ${name.replace(/=.*/s, "=…")} <command>`),
    ];
  }
  if (BUILTINS.test(name)) {
    const shell = OF_BASH.test(name) ? "bash" : "sh";
    return ["it is a builtin of the shell, no program", line(`${shell} -c '${name} …'`)];
  }
  if (/^~\/./.test(name) && host.platform !== "windows") {
    return ["only a shell knows the folder ~", line(`"$HOME"/${pathWord(name.slice(2))}`)];
  }
  if (/[\s;|&<>]/.test(name)) {
    const words = name.trim().split(/\s+/);
    const plain = words.every((word) => /^[\w./:@+,-]+$/.test(word) && secretLook(word) === undefined);
    if (!plain) return ["it is a whole line of shell, in one word", line("sh -c '<line>'")];
    return ["it is several words in one", line([...words, ...rest.length > 0 ? ["…"] : []].join(" "))];
  }
  if (!name.includes("/") && await host.isFile(name)) {
    return [
      `${reason}; there is a file of this name here`,
      line(await withInterpreter(/\.py$/.test(name) ? name : `./${name}`, host)),
    ];
  }
  const near = await nearName(name, host);
  if (near !== undefined) return [`${reason}; there is ${near}`, line(near)];
  if (name.includes("/") && host.platform !== "windows") {
    return [reason, `check its path, from the folder you are in: ls -l ${pathWord(name)}`];
  }
  const finder = host.platform === "windows" ? "where.exe" : "command -v";
  return [reason, `check its name, and that PATH holds its folder: ${finder} ${pathWord(name)}`];
}

async function whyNotRunnable({ argv: [name = ""], failure, host }: Attempt): Promise<string> {
  const path = await pathOf(name, host);
  if (failure.reason === "is a directory") return `name the program in it: ls ${pathWord(name)}`;
  if (host.platform === "windows") return `check what it is, and who may run it: Get-Acl ${pathWord(path ?? name)}`;
  if (failure.reason === "permission denied" && path !== undefined) {
    return /\.py$/.test(path)
      ? `mlflow-auth exec -- ${await withInterpreter(path, host)}`
      : `chmod +x ${pathWord(path)}`;
  }
  if (path === undefined && !name.includes("/")) {
    const folder = await closedFolder(host);
    if (folder !== undefined) {
      return `have this folder of PATH opened to you, or take it out: ls -ld ${pathWord(folder)}`;
    }
  }
  if (failure.reason === "exec format error") return `see what it is made for: file ${pathWord(path ?? name)}`;
  return `check it with: ls -l ${pathWord(path ?? name)}`;
}

/** What people typed as the command, without the value of a variable. */
const shownName = (name: string): string => /^[A-Za-z_]\w*=/.test(name) ? name.replace(/=.*/s, "=…") : name;

/**
 * Why a command did not start, as an error with what ends it.
 *
 * @param attempt the command, what the system said, and where to look for the cause
 * @returns `command-not-found`, `environment-too-large` or `command-not-runnable`
 *
 * @example
 * ```ts
 * import { whyNotRun } from "./why_not_run.ts";
 * import { fakeHost } from "../../tests/support/host.ts";
 * import assert from "node:assert/strict";
 *
 * const failure = { kind: "not-found", reason: "not found in PATH" } as const;
 * const error = await whyNotRun({ argv: ["python train.py"], failure, host: fakeHost() });
 * assert.equal(error.message, 'Cannot run "python train.py": it is several words in one');
 * assert.equal(error.remedy, "mlflow-auth exec -- python train.py");
 * ```
 */
export async function whyNotRun(attempt: Attempt): Promise<AuthError> {
  const { argv: [name = ""], failure } = attempt;
  const cannot = (is: string): string => `Cannot run "${shownName(name)}": ${is}`;
  switch (failure.kind) {
    case "not-found": {
      const [is, remedy] = await whyNotFound(attempt);
      return new AuthError("command-not-found", { message: cannot(is), remedy });
    }
    case "too-large": {
      const { reason, variable } = failure;
      return new AuthError("environment-too-large", {
        message: variable === undefined ? cannot(reason) : `${cannot(reason)} (${variable})`,
        remedy: variable === undefined ? "shorten the arguments or the environment" : `shorten or unset ${variable}`,
      });
    }
    case "not-runnable":
      return new AuthError("command-not-runnable", {
        message: cannot(failure.reason),
        remedy: await whyNotRunnable(attempt),
      });
  }
}
