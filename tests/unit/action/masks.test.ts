import assert from "node:assert/strict";
import { test } from "node:test";
import { maskCommands } from "../../../action/masks.mjs";

test("maskCommands() hides a token once, and as it stands in base64", () => {
  const hidden = "::add-mask::abc.def\n::add-mask::YWJjLmRlZg==\n";
  assert.equal(maskCommands({ MLFLOW_TRACKING_TOKEN: "abc.def", HOME: "/root" }), hidden);
});

test("maskCommands() hides each line, the spellings in JSON and in a URL, and the header's base64", () => {
  const env = { MLFLOW_TRACKING_USERNAME: "ann", MLFLOW_TRACKING_PASSWORD: 'x"y\n z%' };
  assert.equal(
    maskCommands(env),
    [
      '::add-mask::x"y%0A z%25',
      '::add-mask::x"y',
      "::add-mask::z%25",
      '::add-mask::x\\"y\\n z%25',
      "::add-mask::x%2522y%250A%2520z%2525",
      `::add-mask::${btoa('ann:x"y\n z%')}`,
      "",
    ].join("\n"),
  );
});

test("maskCommands() hides nothing where there is nothing, as a blank mask would be refused", () => {
  assert.equal(maskCommands({}), "");
  assert.equal(maskCommands({ MLFLOW_TRACKING_TOKEN: "" }), "");
});
