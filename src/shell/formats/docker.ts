import type { Format } from "./format.ts";
import { bytesOf, requireRoom } from "../size.ts";
import { type Limit, valuesOf } from "../values.ts";

const LIMITS: readonly Limit[] = [
  { reason: "the value holds a line break", exceeded: (value) => value.includes("\n") },
  // The reader takes it for one half of a line end.
  { reason: "the value ends in a carriage return", exceeded: (value) => value.endsWith("\r") },
];

/** The reader's buffer: a line and its end must fit into 64 KiB. */
const LINE_BYTES = 65_534;

/**
 * A file for `docker run --env-file`: no quoting exists there, so a value stands as it is.
 *
 * @see https://docs.docker.com/reference/cli/docker/container/run/#env
 * @example
 * ```ts
 * import { Secret } from "../../core/secret.ts";
 * import { docker } from "./docker.ts";
 * import assert from "node:assert/strict";
 *
 * const text = docker.print({ set: [["T", new Secret(`'a' #$b `)]], remove: ["U"] }, { env: {}, random: () => "" });
 * assert.equal(text, "T='a' #$b \n");
 * ```
 */
export const docker: Format = {
  name: "docker",
  reader: "docker run --env-file and podman run --env-file",
  usage: "mlflow-auth export --format docker > mlflow.env && docker run --env-file mlflow.env IMAGE",
  print: (changes) =>
    valuesOf(changes, { format: "docker", instead: "json", limits: LIMITS }).map((entry) => {
      const line = entry.join("=");
      const reason = "the line would be longer than 64 KiB";
      requireRoom([entry], { format: "docker", sizeBytes: bytesOf(line), limitBytes: LINE_BYTES, reason });
      return `${line}\n`;
    }).join(""),
  failure: "",
  outlives: true,
};
