// @ts-check
import { Refusal } from "./refusal.mjs";

/**
 * Where the step runs.
 *
 * @typedef {object} Machine
 * @property {string} os `Linux`, `macOS` or `Windows`, as `RUNNER_OS` says
 * @property {string} arch `X64` or `ARM64`, as `RUNNER_ARCH` says
 * @property {boolean} isMusl whether its C library is musl, as in a container of Alpine Linux
 */

/**
 * What is installed there.
 *
 * @typedef {object} Platform
 * @property {string} archive name of the release's file
 * @property {string} program name of the executable in it
 * @property {string} arch folder of the tool cache
 */

/** @type {Readonly<Record<string, string>>} */
const TARGETS = {
  "Linux X64": "x86_64-unknown-linux-gnu",
  "Linux ARM64": "aarch64-unknown-linux-gnu",
  "macOS X64": "x86_64-apple-darwin",
  "macOS ARM64": "aarch64-apple-darwin",
  "Windows X64": "x86_64-pc-windows-msvc",
  // Windows on ARM runs programs for x64.
  "Windows ARM64": "x86_64-pc-windows-msvc",
};

/**
 * Chooses what to install.
 *
 * @param {Machine} machine where the step runs
 * @returns {Platform}
 * @throws {Refusal} where no release is built for it
 */
export function platformOf({ os, arch, isMusl }) {
  const found = TARGETS[`${os} ${arch}`];
  if (found === undefined) {
    throw new Refusal(
      `Cannot install "mlflow-auth" on "${os} ${arch}": no release is built for it`,
      "run the job on Linux, macOS or Windows, x64 or arm64",
    );
  }
  const target = isMusl ? found.replace(/-gnu$/, "-musl") : found;
  const isWindows = os === "Windows";
  return {
    archive: `mlflow-auth-${target}${isWindows ? ".zip" : ".tar.gz"}`,
    program: isWindows ? "mlflow-auth.exe" : "mlflow-auth",
    arch: arch.toLowerCase() + (isMusl ? "-musl" : ""),
  };
}
