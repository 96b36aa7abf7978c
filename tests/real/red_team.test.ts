import "../support/guard.ts";
import assert from "node:assert/strict";
import process from "node:process";
import { test } from "node:test";
import { programBuilds } from "../support/builds.ts";
import { skipUnless } from "../support/skip.ts";
import { dumpsOf } from "./red_team/memory.ts";
import { which } from "./shells/run.ts";

const linux = process.platform === "linux";
const noTools = skipUnless(
  linux && ["gdb", "setpriv"].every((tool) => which(tool) !== undefined),
  "a tool that looks into processes is not there: apt-get install gdb util-linux",
);

for (const build of programBuilds().filter(({ name }) => name !== "source")) {
  test(`a core file or a debugger gets nothing of a program that waits: ${build.name}`, {
    skip: build.skip || noTools,
  }, async () => {
    const { waiting, command } = await dumpsOf(build);
    const cores = command.cores === undefined ? undefined : 0;
    assert.deepEqual(waiting, { environ: "refused", debugger: "refused", cores });
    // exec takes it back: what becomes of the command's memory is the command's own affair.
    assert.deepEqual({ environ: command.environ, cores: command.cores ?? 1 }, { environ: "read", cores: 1 });
  });
}
