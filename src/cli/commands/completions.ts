import { AuthError } from "../../core/errors.ts";
import { nearest } from "../../core/nearest.ts";
import { isQuotable } from "../../core/shown.ts";
import { outlineOf } from "../completions/outline.ts";
import { COMPLETION_SHELLS } from "../completions/shells.ts";
import { print } from "../output.ts";
import { makeCommand } from "./command.ts";

const NAMES = COMPLETION_SHELLS.map(({ name }) => name);

/** `completions`, which prints a script that completes command lines. The script never runs the program. */
export const COMPLETIONS = makeCommand({
  description: `Print a script that completes command lines, for ${NAMES.join(", ")}. It never runs mlflow-auth.`,
  usage: "[options] <shell>",
  operands: [{ name: "[shell]", doc: "who reads it", words: NAMES }],
  options: [],
  takesSettings: false,
  help: `Install (zsh: after compinit):
${COMPLETION_SHELLS.map(({ name, install }) => `${`${name}:`.padEnd(6)}${install}`).join("\n")}`,
  run: async (_, { operands: [name], host }) => {
    const found = COMPLETION_SHELLS.find((one) => one.name === name);
    if (found === undefined) throw noShell(name);
    const { wholeProgram } = await import("../program.ts");
    await print(host, found.script(outlineOf(await wholeProgram({ host }))));
    return 0;
  },
});

/** Shells by other names, or near to one whose completions they read. */
const MEANT: Readonly<Record<string, string>> = { powershell: "pwsh", sh: "bash", ksh: "bash", dash: "bash" };

function noShell(name: string | undefined): AuthError {
  const word = name?.toLowerCase() ?? "";
  const near = nearest(word, NAMES);
  const meant = Object.hasOwn(MEANT, word)
    ? MEANT[word]
    : near !== undefined && near.distance <= 2
    ? near.word
    : "bash";
  const shell = name !== undefined && isQuotable(name, []) ? ` for "${name}"` : "";
  return new AuthError("usage", {
    message: name === undefined
      ? "Cannot print completions: no shell is named"
      : `Cannot print completions${shell}: there are none for this shell`,
    remedy: `name one of ${NAMES.join(", ")}: mlflow-auth completions ${meant}`,
  });
}
