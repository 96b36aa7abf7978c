import { test } from "node:test";
import assert from "node:assert/strict";
import { masks } from "../../../src/shell/masks.ts";
import { changesOf } from "../../support/values.ts";

test("masks() hides each line, the spellings in JSON, URLs and octal and the pair in base64, and no user name alone", () => {
  assert.equal(
    masks(changesOf({ MLFLOW_TRACKING_USERNAME: "me", MLFLOW_TRACKING_PASSWORD: " 5%\r\n\n it's\n" })),
    [
      "::add-mask:: 5%25%0D%0A%0A it's%0A",
      "::add-mask::5%25",
      "::add-mask::it's",
      String.raw`::add-mask:: 5%25\r\n\n it's\n`,
      "::add-mask::%25205%2525%250D%250A%250A%2520it's%250A",
      String.raw`::add-mask::\0405\045\015\012\012\040it\047s\012`,
      String.raw`::add-mask::\0405\045\015\012\012\040it\047\134\047\047s\012`,
      "::add-mask::bWU6IDUlDQoKIGl0J3MK",
      "",
    ].join("\n"),
  );
});

test("masks() says a plain token once, and its base64", () => {
  assert.equal(masks(changesOf({ MLFLOW_TRACKING_TOKEN: "abc" })), "::add-mask::abc\n::add-mask::YWJj\n");
});

test("masks() leaves addresses readable", () => {
  assert.equal(masks(changesOf({ MLFLOW_TRACKING_URI: "https://mlflow.example" })), "");
});
