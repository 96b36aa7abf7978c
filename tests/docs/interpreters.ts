import { debianProgram } from "../support/debian.ts";
import { pythonWith } from "../support/python.ts";

/** What a page needs of the machine besides a shell: a Python, one with packages, or R. */
export type Need = "python" | "airflow" | "kubeflow" | "R";

/** An interpreter of the machine, or why there is none. */
export type Interpreter = { readonly path: string } | { readonly missing: string };

/** What a command prints, a path, if there is such a program. */
async function pathFrom(program: string, ...args: readonly string[]): Promise<string | undefined> {
  try {
    const { success, stdout } = await new Deno.Command(program, { args: [...args], stderr: "null" }).output();
    return success ? new TextDecoder().decode(stdout).trim() : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Finds what a page needs, and installs what the tests may install.
 *
 * @param need the page's need
 * @returns the path of the interpreter, or the reason why there is none
 */
export async function findInterpreter(need: Need): Promise<Interpreter> {
  if (need === "R") {
    debianProgram("Rscript", "r-base-core", "r-cran-jsonlite");
    const path = await pathFrom("sh", "-c", "command -v Rscript");
    return path === undefined ? { missing: "R is not installed" } : { path };
  }
  if (need === "python") {
    const path = await pathFrom("python3", "-c", "import sys; print(sys.executable)");
    return path === undefined ? { missing: "python3 is not installed" } : { path };
  }
  try {
    return { path: await pythonWith(need) };
  } catch (error) {
    return { missing: (error as Error).message.split("\n")[0] ?? "" };
  }
}
