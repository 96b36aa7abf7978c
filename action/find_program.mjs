// @ts-check
import { accessSync, constants, statSync } from "node:fs";
import { delimiter, join } from "node:path";

/**
 * Looks for a program on PATH.
 *
 * @param {string} name its name, or a path
 * @param {Readonly<Record<string, string | undefined>>} env the environment
 * @param {{ readonly isWindows: boolean }} on
 * @returns {string | undefined} its path
 */
export function findProgram(name, env, { isWindows }) {
  const ends = isWindows ? [...(env["PATHEXT"] ?? ".COM;.EXE;.BAT;.CMD").split(";"), ""] : [""];
  // Windows spells it Path.
  const path = Object.entries(env).find(([key]) => isWindows ? key.toUpperCase() === "PATH" : key === "PATH")?.[1] ??
    "";
  const folders = /[/\\]/.test(name) ? [""] : path.split(delimiter).filter((folder) => folder !== "");
  const paths = folders.flatMap((folder) => ends.map((end) => join(folder, name + end)));
  return paths.find(isProgram);
}

/**
 * @param {string} path
 * @returns {boolean}
 */
function isProgram(path) {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    // Not there, or not to be run: the next folder may have it.
    return false;
  }
}
