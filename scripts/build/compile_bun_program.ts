/**
 * Makes the executable of Bun of the same scripts as that of Deno: with `src/main.ts` as modules each run would evaluate all of them, and
 * read whatever module of Node's one of them names.
 *
 * @module
 */
import { readFileSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { BuildError, compileBun, type CompileOptions, installBun } from "./build.ts";
import { buildEnvironment } from "./build_environment.ts";
import { bundle } from "./bundle.ts";
import { bundleScripts, LAUNCH } from "./compile_program.ts";
import { run, tail } from "./run_tool.ts";

/** The roots that a Bun comes with, as a script. */
async function rootsOf(bun: string): Promise<string> {
  const print = `process.stdout.write(JSON.stringify(require("node:tls").rootCertificates))`;
  const { status, text } = await run(bun, ["-e", print], {
    env: buildEnvironment(Deno.env.toObject()),
    clearEnv: true,
  });
  if (status !== 0 || !text.startsWith('["-----BEGIN CERTIFICATE-----')) {
    throw new BuildError(`Cannot read the roots of "${bun}":\n${tail(text)}`, `run ${bun} -e '${print}' by hand`);
  }
  return `module.exports = ${text};\n`;
}

/**
 * Makes an executable of the program that starts quickly.
 *
 * @param options a folder for what is made on the way, to where, a target of Bun's own, and the C library, where it is not glibc
 * @throws BuildError where it cannot be made
 */
export async function compileBunProgram(
  { folder, to, target, libc }: Pick<CompileOptions, "to" | "target"> & {
    readonly folder: string;
    readonly libc: string | undefined;
  },
): Promise<void> {
  const files = join(folder, "files");
  const launch = await bundle(join(LAUNCH, "launch_bun.ts"), files, { options: ["--format", "cjs", "--minify"] });
  const names = (await bundleScripts(folder, files)).map((path) => basename(path, ".txt"));
  for (const name of names) {
    // `src/host/build.ts` has the place of the C library, which a program does not learn from its runtime.
    const text = readFileSync(join(files, `${name}.txt`), "utf8").replaceAll("@libc@", libc ?? "@libc@");
    writeFileSync(join(files, `${name}.cjs`), `module.exports = ${text};\n`);
  }
  writeFileSync(join(files, "roots.cjs"), await rootsOf(await installBun()));
  const scripts = names.map((name) => `"${name}": () => require("./${name}.cjs")`);
  const from = join(files, "main.cjs");
  writeFileSync(
    from,
    `require("./${basename(launch)}").launch({ scripts: { ${
      scripts.join(", ")
    } }, roots: () => require("./roots.cjs") });\n`,
  );
  await compileBun({ from, to, target });
}
