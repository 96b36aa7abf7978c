import { execFileSync } from "node:child_process";
import { copyFileSync, cpSync, mkdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { debianRoot } from "../../support/debian_root.ts";

/** A root folder for a program: nothing but its libraries, or those of an old system. */
export type RootName = "bare" | "glibc 2.31";

const OLD = { release: "bullseye", packages: ["libc6", "libgcc-s1"] } as const;

/** Whether a root can be made here. */
export const hasRoot = (name: RootName): boolean => name === "bare" || debianRoot(OLD) !== undefined;

/** The libraries that a program is linked with, the loader among them. */
function librariesOf(program: string): readonly string[] {
  const text = execFileSync("ldd", [program], { encoding: "utf8" });
  return [...text.matchAll(/(?:=> )?(\/\S+) \(0x/g)].map(([, path = ""]) => path);
}

/**
 * Makes a root folder, in which the files of `own` have the same paths as outside.
 *
 * @param name which one
 * @param options the folder that holds the program and its files, and the names of these
 * @returns its path, below `own`
 */
export function makeRoot(
  name: RootName,
  { own, program, files }: { readonly own: string; readonly program: string; readonly files: readonly string[] },
): string {
  const root = join(own, name.replaceAll(/\W/g, "-"));
  const put = (path: string, from = path): void => {
    mkdirSync(join(root, dirname(path)), { recursive: true });
    copyFileSync(from, join(root, path));
  };
  for (const folder of ["proc", "tmp", "usr/bin"]) mkdirSync(join(root, folder), { recursive: true });
  if (name === "bare") { for (const library of librariesOf(program)) put(library); }
  else cpSync(debianRoot(OLD) ?? "", root, { recursive: true, verbatimSymlinks: true });
  for (const file of [program, ...files]) put(file);
  const source = join(import.meta.dirname ?? ".", "printenv.c");
  execFileSync("cc", ["-O1", "-static", "-o", join(root, "usr/bin/printenv"), source]);
  return root;
}
