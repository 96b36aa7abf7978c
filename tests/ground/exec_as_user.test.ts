import "../support/guard.ts";
import process from "node:process";
import { test } from "node:test";
import { skipUnless } from "../support/skip.ts";
import { runFor } from "../real/exec/run_for.ts";
import { has } from "../real/exec/tools.ts";
import { builds } from "../real/exec/variants.ts";

const [first] = builds();
const skip = skipUnless(
  process.platform === "linux" && process.getuid?.() === 0 && has("cc") && has("setpriv") && first !== undefined,
  "only root on Linux can start commands as somebody else, with gcc, util-linux and a build: as root, deno task test:ground",
);

test("exec leaves nothing for a command to notice that runs as another user than root, in all of the suite", {
  skip,
}, () => runFor(first ?? "", { user: 65534 }));
