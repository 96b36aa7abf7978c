import type { Host, Process } from "../core/host.ts";

/** What the choice of a format is made from. */
export type Caller = Pick<Host, "platform" | "env"> & {
  /** The processes above this one, the parent first. */
  readonly ancestors: readonly Process[];
};

const POSIX = [
  "sh",
  "dash",
  "bash",
  "rbash",
  "zsh",
  "ksh",
  "rksh",
  "mksh",
  "lksh",
  "oksh",
  "pdksh",
  "loksh",
  "yash",
  "ash",
  "posh",
  "hush",
];

const SHELLS: ReadonlyMap<string, string> = new Map([
  ...POSIX.map((name) => [name, "sh"] as const),
  ["fish", "fish"],
  ["pwsh", "pwsh"],
  ["pwsh-preview", "pwsh"],
  ["powershell", "pwsh"],
  ["cmd", "cmd"],
  ["csh", "csh"],
  ["bsd-csh", "csh"],
  ["tcsh", "tcsh"],
  ["nu", "nu"],
  ["elvish", "elvish"],
  ["xonsh", "xonsh"],
]);

/** Programs that start another one and leave its output alone: the reader is further up. */
export const STARTERS: ReadonlySet<string> = new Set(
  ("node npm npx pnpm pnpx yarn corepack bun bunx deno python pypy uv uvx pipx poetry pdm hatch rye pixi conda mamba micromamba " +
    "env sudo doas su runuser timeout nice ionice chrt taskset nohup stdbuf unbuffer setsid setpriv time coreutils " +
    "direnv mise asdf chronic mlflow-auth").split(" "),
);

/**
 * Chooses the format of the shell that reads our output: the nearest known one above us, seen through programs that merely start
 * others. Never from `$SHELL`, which is the login shell and wrong in scripts and nested shells.
 *
 * @param caller the platform, the environment, and the processes above this one
 * @returns a name of `FORMATS`; `sh` where no shell is known, on Windows `pwsh` unless MSYS started us
 * @example
 * ```ts
 * import { detectFormat } from "./detect.ts";
 * import assert from "node:assert/strict";
 *
 * const fish = { exe: "/usr/bin/fish", argv: ["-fish"], comm: "fish" };
 * const sudo = { exe: "/usr/bin/sudo", argv: ["sudo", "mlflow-auth", "export"], comm: "sudo" };
 * assert.equal(detectFormat({ platform: "linux", env: {}, ancestors: [sudo, fish] }), "fish");
 * assert.equal(detectFormat({ platform: "windows", env: {}, ancestors: [] }), "pwsh");
 * ```
 */
export function detectFormat({ platform, env, ancestors }: Caller): string {
  if (platform === "windows") return (env["MSYSTEM"] ?? "") === "" ? "pwsh" : "sh";
  const known = ancestors.slice(0, 12).map(namesOf);
  for (const [index, names] of known.entries()) {
    const shell = names.map((name) => SHELLS.get(name)).find((format) => format !== undefined);
    if (shell !== undefined && !isShellOfNpx(ancestors, { index, env })) return shell;
    if (shell === undefined && !names.some((name) => STARTERS.has(name))) return "sh";
  }
  return "sh";
}

/**
 * Tells the shell that npx runs its command with, as `sh -c`: it reads nothing. Under `npm run` it does.
 *
 * @param ancestors the processes above this one
 * @param at which of them, and the environment
 * @returns whether it is that shell
 */
export function isShellOfNpx(
  ancestors: readonly Process[],
  { index, env }: { readonly index: number; readonly env: Host["env"] },
): boolean {
  if (env["npm_command"] !== "exec" || ancestors[index]?.argv[1] !== "-c") return false;
  const above = ancestors[index + 1];
  return above !== undefined && namesOf(above).some((name) => ["node", "npm", "npx"].includes(name));
}

/**
 * Gives the names by which a program may be known. `comm` comes last, and only for what is not known otherwise: of a `#!` script it is
 * the script's own name.
 *
 * @param process the process
 * @returns names without folder, version and `.exe`
 */
export function namesOf({ exe, argv, comm }: Process): readonly string[] {
  const [first = "", ...rest] = argv.map(programName);
  if (programName(exe) === "busybox" || first === "busybox") {
    const applet = first === "busybox" ? rest[0] : first;
    return [applet === undefined || applet === "" ? "sh" : applet];
  }
  const names = [programName(exe), first];
  if (names.includes("python") || names.includes("pypy")) {
    const script = argv.slice(1, 4).find((argument) => !argument.startsWith("-"));
    if ([script ?? "", comm].map(programName).includes("xonsh")) return ["xonsh"];
  }
  return names.some((name) => SHELLS.has(name) || STARTERS.has(name)) ? names : [...names, programName(comm)];
}

// "-zsh", "/bin/ksh93", "python3.11", "bash.exe", ".fish-wrapped": a login shell, a version, Windows, Nix.
function programName(path: string): string {
  const base = path.slice(path.lastIndexOf("/") + 1).replace(/^-/, "").replace(/\.exe$/i, "");
  return base.replace(/^\.(.+)-wrapped$/, "$1").replace(/[-_]?\d[\d.]*$/, "").toLowerCase();
}
