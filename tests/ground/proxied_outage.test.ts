import "../support/guard.ts";
import { test } from "node:test";
import { startStage } from "../real/proxied/rotation/stage.ts";
import { trainThroughOutage } from "../real/proxied/rotation/vault_down.ts";
import { programBuilds } from "../support/builds.ts";
import { pythonWith } from "../support/python.ts";
import { skipUnless } from "../support/skip.ts";

const pythons = await Promise.all([pythonWith("mlflow_training"), pythonWith("mlflow")]).catch((error: Error) => error);
const noPython = skipUnless(Array.isArray(pythons), Array.isArray(pythons) ? "" : pythons.message);

for (const build of programBuilds().filter(({ name }) => name !== "source")) {
  test(`a training loses nothing while Key Vault cannot be reached for a minute (${build.name})`, {
    skip: noPython || build.skip,
  }, async () => {
    await using stage = await startStage();
    const [python = ""] = Array.isArray(pythons) ? pythons : [];
    await trainThroughOutage(stage, { python, build, seconds: 60 });
  });
}
