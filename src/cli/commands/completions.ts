import { Argument } from "@commander-js/extra-typings";
import { AuthError } from "../../core/errors.ts";
import { isQuotable } from "../../core/shown.ts";
import { outlineOf } from "../completions/outline.ts";
import { COMPLETION_SHELLS } from "../completions/shells.ts";
import { print } from "../output.ts";
import { addGlobalOptions, HELP, VERSION } from "../program.ts";
import type { CommandLine } from "./command.ts";

const NAMES = COMPLETION_SHELLS.map(({ name }) => name);

/**
 * Adds `completions`, which prints a script that completes command lines. The script never runs the program.
 *
 * @param line the program to add it to
 */
export function addCompletions({ program, host, run }: CommandLine): void {
  // The choices are for the completions alone: a refusal by commander would lose the shells' names on its way to the user.
  const shell = new Argument("[shell]", "who reads it").choices(NAMES).argParser((value: string) => value);
  const command = program.command("completions")
    .summary(`print a script of completions for ${NAMES.join(", ")}`)
    .description(`Print a script that completes command lines, for ${NAMES.join(", ")}. It never runs mlflow-auth.`)
    .usage("[options] <shell>")
    .addArgument(shell);
  addGlobalOptions(command);
  command.version(VERSION, "-V, --version", "print the version").helpOption("-h, --help", "print this help");
  command.configureHelp({ ...HELP, visibleArguments: () => [] }).addHelpText("after", INSTALL);
  command.action((name) =>
    run(command, async () => {
      const found = COMPLETION_SHELLS.find((one) => one.name === name);
      if (found === undefined) throw noShell(name);
      await print(host, found.script(outlineOf(program)));
      return 0;
    })
  );
}

const INSTALL = `
Install (zsh: after compinit):
${COMPLETION_SHELLS.map(({ name, install }) => `${`${name}:`.padEnd(6)}${install}`).join("\n")}`;

function noShell(name: string | undefined): AuthError {
  const shell = name !== undefined && isQuotable(name, []) ? ` for "${name}"` : "";
  return new AuthError("usage", {
    message: name === undefined
      ? "Cannot print completions: no shell is named"
      : `Cannot print completions${shell}: there are none for this shell`,
    remedy: `name one of ${NAMES.join(", ")}: mlflow-auth completions bash`,
  });
}
