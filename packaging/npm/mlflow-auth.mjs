#!/usr/bin/env -S node --
// Hands over to the executable of this platform's package. Without the -- above, Node would take --env-file, ours and the command's.
import { spawn } from "node:child_process";
import { accessSync, constants } from "node:fs";
import { createRequire } from "node:module";
import { constants as system } from "node:os";
import process from "node:process";

const isWindows = process.platform === "win32";
// Windows on ARM runs programs for x64.
const platform = `${process.platform}-${isWindows ? "x64" : process.arch}`;
const args = process.argv.slice(2);

const POWERSHELL = "throw 'mlflow-auth export failed'\n";
/** Formats that are data, by all of their names: nobody evaluates them. */
const DATA = new RegExp(
  "^(nu|nushell|json|dotenv.*|env|\\.env|env-?file|docker(-env)?|systemd|kubernetes|k8s|github(-actions)?|gitlab(-ci)?|" +
    "azure(-pipelines)?|azdo)$",
);

// Where an old npm brought both packages of Linux, the C library decides.
const found = [platform, `${platform}-musl`].flatMap(executableOf);
const path = found.length > 1 && isMusl() ? found[1] : found[0];
if (path === undefined) {
  fail(`Cannot start "mlflow-auth": npm has not installed @mlflow-auth/${platform}`, [
    "install it again without --omit=optional; there are packages for Linux, macOS and Windows, x64 and arm64",
  ]);
}

/**
 * @param {string} name of a platform
 * @returns {readonly string[]} path of its executable, where its package is there
 */
function executableOf(name) {
  try {
    const path = createRequire(import.meta.url).resolve(
      `@mlflow-auth/${name}/bin/mlflow-auth${isWindows ? ".exe" : ""}`,
    );
    accessSync(path, constants.X_OK);
    return [path];
  } catch {
    return [];
  }
}

/** @returns {boolean} whether this Node runs on musl */
function isMusl() {
  const report = /** @type {{ readonly header: object }} */ (process.report.getReport());
  return !("glibcVersionRuntime" in report.header);
}

/**
 * @param {string} message
 * @param {readonly string[]} remedies
 */
function fail(message, remedies) {
  process.stderr.write(`mlflow-auth: ${[message, ...remedies].join("\n  try:  ")}\n`);
  // What is evaluated must fail too.
  const command = args.find((arg) => arg === "export" || arg === "exec");
  if (command === "export") process.stdout.write(failingWord());
  process.exitCode = 125;
}

/** @returns {string} what makes an eval fail in the shell that reads `export` */
function failingWord() {
  const at = args.findLastIndex((arg) => arg === "--format" || arg.startsWith("--format="));
  const named = at === -1 ? undefined : args[at]?.slice("--format=".length) || args[at + 1];
  const format = (named ?? "").toLowerCase();
  if (/^(pwsh|powershell|ps1)$/.test(format)) return POWERSHELL;
  if (/^(cmd|batch)$/.test(format)) return "cmd /c exit 1\r\n";
  if (format === "elvish") return "fail 'mlflow-auth export failed'\n";
  if (format === "xonsh") return "raise RuntimeError('mlflow-auth export failed')\n";
  if (DATA.test(format)) return "";
  const isShell = /^(sh|bash|zsh|k?sh|mksh|dash|ash|posix|shell|fish|t?csh)$/.test(format);
  return !isShell && isWindows && !process.env["MSYSTEM"] ? POWERSHELL : "false\n";
}

if (path !== undefined) {
  // From Node 22.15 on this process becomes the program, and the program the command; SIGXFSZ stays ignored, as Node has it.
  const { execve } =
    /** @type {{ readonly execve?: (path: string, args: readonly string[], env: object) => never }} */ (
      process
    );
  if (execve !== undefined && !isWindows) execve.call(process, path, ["mlflow-auth", ...args], process.env);
  else beside(path);
}

/**
 * Runs the program as a child: signals go on to it, and its end becomes the end of this process.
 *
 * @param {string} program
 */
function beside(program) {
  const child = spawn(program, args, { stdio: "inherit" });
  // A terminal sends these to the child itself.
  /** @type {readonly NodeJS.Signals[]} */
  const kept = isWindows ? ["SIGINT", "SIGBREAK"] : ["SIGINT", "SIGQUIT"];
  /** @type {readonly NodeJS.Signals[]} */
  const passedOn = isWindows ? [] : ["SIGTERM", "SIGHUP", "SIGUSR1", "SIGUSR2"];
  for (const signal of kept) process.on(signal, () => {});
  for (const signal of passedOn) process.on(signal, () => child.kill(signal));
  child.on("error", (error) => fail(`Cannot start "${program}": ${error.message}`, ["install mlflow-auth again"]));
  child.on("exit", (status, signal) => {
    if (signal === null) {
      process.exitCode = status ?? 125;
      return;
    }
    for (const name of [...kept, ...passedOn]) process.removeAllListeners(name);
    // For those that Node ignores, SIGPIPE and SIGXFSZ: this process outlives them, and says what a shell would.
    process.exitCode = 128 + system.signals[signal];
    process.kill(process.pid, signal);
  });
}
