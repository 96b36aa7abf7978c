// @ts-check
import { Refusal } from "./refusal.mjs";

/**
 * How a shell runs a script.
 *
 * @typedef {object} ShellCommand
 * @property {string} program name of the shell, to be found on PATH
 * @property {readonly string[]} args its arguments; `{0}` stands for the script's path
 * @property {string} extension of the script's file
 * @property {boolean} isVerbatim whether the arguments are for cmd, which has its own rules of quoting
 */

/** @type {Readonly<Record<string, { readonly args: readonly string[], readonly extension: string }>>} */
const BUILT_IN = {
  bash: { args: ["--noprofile", "--norc", "-e", "-o", "pipefail", "{0}"], extension: ".sh" },
  sh: { args: ["-e", "{0}"], extension: ".sh" },
  python: { args: ["{0}"], extension: ".py" },
  pwsh: { args: ["-command", ". '{0}'"], extension: ".ps1" },
  powershell: { args: ["-command", ". '{0}'"], extension: ".ps1" },
  cmd: { args: ["/D", "/E:ON", "/V:OFF", "/S", "/C", '"CALL "{0}""'], extension: ".cmd" },
};

/**
 * The shells that may run the script, the first one that is there first; they are those of a `run:` step.
 *
 * @param {string} shell the input; `""` for the default
 * @param {{ readonly isWindows: boolean }} on
 * @returns {readonly ShellCommand[]}
 * @throws {Refusal} where it is neither built in nor a template with `{0}`
 * @see https://docs.github.com/actions/reference/workflows-and-actions/workflow-syntax#jobsjob_idstepsshell
 */
export function shellCommands(shell, { isWindows }) {
  if (shell === "") {
    if (isWindows) return ["pwsh", "powershell"].flatMap((name) => shellCommands(name, { isWindows }));
    // Without a shell named, bash runs as sh does: pipefail is for those who ask for bash.
    return ["bash", "sh"].map((program) => ({ ...commandOf("sh", ["-e", "{0}"]), program }));
  }
  const [program = "", ...words] = wordsOf(shell);
  const args = words.length > 0 ? words : BUILT_IN[program]?.args ?? [];
  if (!args.some((word) => word.includes("{0}"))) {
    throw new Refusal(
      `Cannot use shell "${shell}": it is not built in, and has no {0} where the script's path goes`,
      `choose one of ${Object.keys(BUILT_IN).join(", ")}, or write a template such as  shell: perl {0}`,
    );
  }
  return [commandOf(program, args)];
}

/**
 * @param {string} program
 * @param {readonly string[]} args
 * @returns {ShellCommand}
 */
const commandOf = (program, args) => ({
  program,
  args,
  extension: BUILT_IN[program]?.extension ?? "",
  isVerbatim: program === "cmd",
});

/**
 * Words of a template; double quotes keep blanks together.
 *
 * @param {string} template
 * @returns {readonly string[]}
 */
const wordsOf = (template) => [...template.matchAll(/(?:"[^"]*"|[^\s"])+/g)].map(([word]) => word.replaceAll('"', ""));

/**
 * The text of the script's file: PowerShell stops at an error and ends with the status of the last program, cmd does not echo.
 *
 * @param {ShellCommand} command the shell
 * @param {string} script as written in the workflow
 * @param {{ readonly isWindows: boolean }} on
 * @returns {string}
 */
export function scriptText({ program }, script, { isWindows }) {
  let text = script;
  if (program === "cmd") text = `@echo off\n${script}`;
  if (program === "pwsh" || program === "powershell") {
    const status = "if ((Test-Path -LiteralPath variable:\\LASTEXITCODE)) { exit $LASTEXITCODE }";
    text = `$ErrorActionPreference = 'stop'\n${script}\n${status}`;
  }
  return isWindows ? text.replaceAll("\r\n", "\n").replaceAll("\n", "\r\n") : text;
}
