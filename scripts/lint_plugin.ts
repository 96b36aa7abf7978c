import { circles } from "./lint/circles.ts";
import { errorMessage } from "./lint/error_message.ts";
import { layers, sdkImport } from "./lint/imports.ts";
import { exportDoc, maxParams, noDoubleCast, noModuleState, noOrDefault, readonlyMembers } from "./lint/shape.ts";
import { noGlobalAssign, testName } from "./lint/tests.ts";
import { world } from "./lint/world.ts";

/** The project's own rules, each the keeper of a sentence in CONTRIBUTING.md. */
const plugin: Deno.lint.Plugin = {
  name: "mlflow-auth",
  rules: {
    "circles": { create: circles },
    "error-message": { create: errorMessage },
    "export-doc": { create: exportDoc },
    "layers": { create: layers },
    "max-params": { create: maxParams },
    "no-double-cast": { create: noDoubleCast },
    "no-global-assign": { create: noGlobalAssign },
    "no-module-state": { create: noModuleState },
    "no-or-default": { create: noOrDefault },
    "readonly-members": { create: readonlyMembers },
    "sdk-import": { create: sdkImport },
    "test-name": { create: testName },
    "world": { create: world },
  },
};

export default plugin;
