import type { ExecFailure } from "../../core/host.ts";

/** What starts a command on Windows. */
export interface WindowsStart {
  readonly file: string;
  readonly args: readonly string[];
  /** Whether the arguments are handed over as they are: they hold their quotes already. */
  readonly verbatim: boolean;
}

/** What a path leads to. */
export type Kind = "file" | "folder" | undefined;

const isPath = (command: string): boolean => /[\\/]|^[A-Za-z]:/.test(command);

/** Where a command is looked for, with the endings that the system adds. */
function candidates(command: string, env: Readonly<Record<string, string>>): readonly string[] {
  const value = (name: string): string | undefined =>
    Object.entries(env).find(([key, text]) => key.toUpperCase() === name && text !== "")?.[1];
  const endings = (value("PATHEXT") ?? ".COM;.EXE;.BAT;.CMD").toLowerCase().split(";").filter((one) => one !== "");
  const named = endings.some((ending) => command.toLowerCase().endsWith(ending));
  const names = named ? [command] : endings.map((ending) => command + ending);
  if (isPath(command)) return names;
  const folders = (value("PATH") ?? "").split(";").map((folder) => folder.replace(/^"(.*)"$/, "$1")).filter((one) =>
    one !== ""
  );
  return folders.flatMap((folder) => names.map((name) => `${folder.replace(/[\\/]$/, "")}\\${name}`));
}

/**
 * One argument of a batch file. `cmd` takes what stands in quotes as it is but for a quote, which is written twice, and for the name of
 * a variable between percent signs, which ends here at once.
 */
const quoted = (argument: string): string =>
  `"${argument.replaceAll('"', '""').replaceAll("%", "%%cd:~,%").replace(/\\+$/, "$&$&")}"`;

/**
 * Says how Windows starts a command: a batch file by `cmd`, since no runtime starts one by itself, and a folder not at all.
 *
 * @param argv the command and its arguments
 * @param world the environment, and what a path leads to
 * @returns what to start, or why nothing can be
 *
 * @see https://learn.microsoft.com/windows-server/administration/windows-commands/cmd
 */
export function windowsStart(
  [command = "", ...args]: readonly string[],
  { env, kindOf }: { readonly env: Readonly<Record<string, string>>; readonly kindOf: (path: string) => Kind },
): WindowsStart | ExecFailure {
  const plain: WindowsStart = { file: command, args, verbatim: false };
  if (command === "") return plain;
  const found = candidates(command, env).find((path) => kindOf(path) === "file");
  if (found === undefined && isPath(command) && kindOf(command) === "folder") {
    return { kind: "not-runnable", reason: "is a directory" };
  }
  if (found === undefined || !/\.(?:bat|cmd)$/i.test(found)) return plain;
  if ([found, ...args].some((word) => /[\r\n\0]/.test(word)) || found.includes('"')) {
    return { kind: "not-runnable", reason: "a batch file takes no argument with a line break" };
  }
  const line = [found.replaceAll("/", "\\"), ...args].map(quoted).join(" ");
  const shell = Object.entries(env).find(([key]) => key.toUpperCase() === "COMSPEC")?.[1] ?? "cmd.exe";
  return { file: shell, args: ["/e:ON", "/v:OFF", "/d", "/s", "/c", `"${line}"`], verbatim: true };
}
