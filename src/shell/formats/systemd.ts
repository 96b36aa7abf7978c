import { NONCHARACTER } from "../characters.ts";
import type { Format } from "./format.ts";
import { valuesOf } from "../values.ts";

/**
 * A file for `EnvironmentFile=` of a systemd unit; a POSIX shell reads the same values from it.
 *
 * @see https://www.freedesktop.org/software/systemd/man/latest/systemd.exec.html#EnvironmentFile=
 * @example
 * ```ts
 * import { Secret } from "../../core/secret.ts";
 * import { systemd } from "./systemd.ts";
 * import assert from "node:assert/strict";
 *
 * const text = systemd.print({ set: [["T", new Secret('a "$b"')]], remove: ["U"] }, { env: {}, random: () => "" });
 * assert.equal(text, String.raw`T="a \"\$b\""` + "\n");
 * ```
 */
export const systemd: Format = {
  name: "systemd",
  reader: "EnvironmentFile= of a systemd unit",
  usage: "mlflow-auth export --format systemd > /run/mlflow.env",
  print: (changes) =>
    valuesOf(changes, { format: "systemd", instead: "json", limits: [NONCHARACTER] })
      .map(([name, value]) => `${name}="${value.replace(/[\\"$`]/g, "\\$&")}"\n`).join(""),
  failure: "",
  outlives: true,
};
