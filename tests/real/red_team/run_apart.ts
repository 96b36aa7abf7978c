import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ProgramBuild } from "../../support/builds.ts";
import { leakIn } from "./forms.ts";

/** What a run left. */
export interface Left {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
  /** Files below its own folder, which is its working, home and temporary folder; what lay there before is not among them. */
  readonly files: readonly string[];
  /** Where a made-up secret was found, and in which form: `stderr: base64 at 1`. */
  readonly leaks: readonly string[];
}

/** How a run is made. */
export interface ApartOptions {
  readonly build: ProgramBuild;
  /** All of its environment, but for folders and PATH. */
  readonly env: Readonly<Record<string, string>>;
  /** What must hold no secret: all but stdout where the run is to give one. */
  readonly expectsSecret?: boolean;
  /** A folder whose programs come first on PATH. */
  readonly bin?: string;
  /** Words that stand before the program: what it is run through. */
  readonly through?: readonly string[];
  /** Whether a terminal is on its descriptors 0 to 2; all that is shown there is its stdout then. */
  readonly terminal?: boolean;
}

function filesBelow(folder: string): readonly string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) =>
    entry.isDirectory() ? filesBelow(join(folder, entry.name)) : entry.isFile() ? [join(folder, entry.name)] : []
  );
}

/**
 * Runs the program in a folder of its own, and looks for secrets in all that it leaves.
 *
 * @param args its arguments; `{here}` in an argument or variable is the folder
 * @param options the build and the environment
 * @returns what it left
 */
export async function runApart(args: readonly string[], options: ApartOptions): Promise<Left> {
  const { build, expectsSecret = false, bin, through = [], terminal = false } = options;
  const here = mkdtempSync(join(tmpdir(), "mlflow-auth-apart-"));
  const fill = (text: string): string => text.replaceAll("{here}", here);
  try {
    const typed = [...through, ...build.command, ...args.map(fill)];
    const quoted = typed.map((word) => `'${word.replaceAll("'", `'\\''`)}'`).join(" ");
    const [command = "", ...words] = terminal ? ["script", "-qec", quoted, "/dev/null"] : typed;
    const env = Object.fromEntries(Object.entries(options.env).map(([name, value]) => [name, fill(value)]));
    const own = { HOME: here, TMPDIR: here, DENO_NO_UPDATE_CHECK: "1" };
    const PATH = `${bin === undefined ? "" : `${bin}:`}/usr/local/bin:/usr/bin:/bin`;
    const { code, stdout, stderr } = await new Deno.Command(command, {
      args: words,
      clearEnv: true,
      cwd: here,
      env: { PATH, ...own, ...env },
      stdin: "null",
    }).output();
    // From source the runtime keeps caches of its own, of what it compiled.
    const files = filesBelow(here).filter((path) => !path.includes("/.cache/deno/"));
    const seen: (readonly [where: string, bytes: Uint8Array])[] = [
      ...(expectsSecret ? [] : [["stdout", stdout] as const]),
      ["stderr", stderr],
      ...files.map((path) => [path.slice(here.length + 1), readFileSync(path)] as const),
    ];
    const text = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);
    return {
      status: code,
      stdout: text(stdout),
      stderr: text(stderr),
      files: files.map((path) => path.slice(here.length + 1)),
      leaks: seen.flatMap(([where, bytes]) => {
        const form = leakIn(bytes);
        return form === undefined ? [] : [`${where}: ${form}`];
      }),
    };
  } finally {
    rmSync(here, { recursive: true, force: true });
  }
}
