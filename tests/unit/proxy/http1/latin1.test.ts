import assert from "node:assert/strict";
import { test } from "node:test";
import { headAndBody } from "../../../../src/proxy/http1/latin1.ts";
import { bytesOf, textOf } from "../../../support/heads.ts";

test("headAndBody() writes each character as its byte, and each part of the body behind it", () => {
  const all = Array.from({ length: 256 }, (_, code) => String.fromCharCode(code)).join("");
  assert.equal(textOf(headAndBody(all, [bytesOf("ab"), bytesOf("\xff")])), `${all}ab\xff`);
  assert.equal(headAndBody("").length, 0);
});
