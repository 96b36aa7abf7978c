import assert from "node:assert/strict";
import { test } from "node:test";
import { heading, OPENING } from "../../../scripts/demo.ts";

test("the demo says first that what it talks to are stand-ins, and that something is being made", () => {
  assert.match(OPENING, /^Azure and the tracking server are stand-ins .*\nMaking mlflow-auth …$/);
});

test("heading() tells a command from what it prints, on a terminal by colours too", () => {
  const scene = { title: "Which version", command: "mlflow-auth info" };
  assert.equal(heading(scene, false), "\n# Which version\n$ mlflow-auth info");
  assert.equal(heading(scene, true), "\n\x1b[36m# Which version\x1b[0m\n\x1b[1m$ mlflow-auth info\x1b[0m");
});
