import assert from "node:assert/strict";
import { test } from "node:test";
import { Secret } from "../../../src/core/secret.ts";
import { type Credential, parseCredential } from "../../../src/credential/parse.ts";

type Mode = "bearer" | "basic" | undefined;

const open = (credential: Credential) =>
  credential.kind === "bearer"
    ? { token: credential.token.reveal() }
    : { username: credential.username, password: credential.password.reveal() };

const parse = (text: string, mode?: Mode) => open(parseCredential(new Secret(text), { name: "mlflow", mode }));

const accepted: readonly (readonly [what: string, text: string, mode: Mode, credential: object])[] = [
  ["a plain token", "abc.DEF-1_2~3", undefined, { token: "abc.DEF-1_2~3" }],
  ["a number as a token", "1234567890", undefined, { token: "1234567890" }],
  ["the word true as a token", "true", undefined, { token: "true" }],
  ["a JSON string as a token with its quotes", '"abc"', undefined, { token: '"abc"' }],
  ["an array as a token", "[1]", undefined, { token: "[1]" }],
  ["text with a colon as a token without a mode", "abc:def", undefined, { token: "abc:def" }],
  ["text with a colon as a token in bearer mode", "abc:def", "bearer", { token: "abc:def" }],
  ["text with a colon as user and password in basic mode", "abc:d:ef", "basic", { username: "abc", password: "d:ef" }],
  ["one trailing newline", "abc\n", undefined, { token: "abc" }],
  ["one trailing CRLF", "abc\r\n", undefined, { token: "abc" }],
  ["a byte-order mark", "\uFEFFabc", undefined, { token: "abc" }],
  ["a byte-order mark before JSON", '\uFEFF{"token":"abc"}\n', undefined, { token: "abc" }],
  ["blanks around JSON", ' {"token":"abc"} ', undefined, { token: "abc" }],
  ["a token object with further members", '{"token":"abc","owner":"ada"}', undefined, { token: "abc" }],
  ["a user and password object", '{"username":"ada","password":"p w"}', undefined, {
    username: "ada",
    password: "p w",
  }],
  ["both kinds: the token", '{"token":"t","username":"a","password":"p"}', undefined, { token: "t" }],
  ["both kinds in bearer mode: the token", '{"token":"t","username":"a","password":"p"}', "bearer", { token: "t" }],
  ["both kinds in basic mode: the pair", '{"token":"t","username":"a","password":"p"}', "basic", {
    username: "a",
    password: "p",
  }],
  ["a password with a newline at its end", '{"username":"a","password":"p\\n"}', undefined, {
    username: "a",
    password: "p\n",
  }],
  ["a password of every script", '{"username":"ä","password":"\u65e5\ud83d\ude00"}', undefined, {
    username: "ä",
    password: "日😀",
  }],
  ["a null member as none", '{"token":null,"username":"a","password":"p"}', undefined, {
    username: "a",
    password: "p",
  }],
  ["a plain password of blanks", "a:  ", "basic", { username: "a", password: "  " }],
  ["every visible ASCII character", String.fromCharCode(...Array(94).keys().map((n) => n + 33)), undefined, {
    token: String.fromCharCode(...Array(94).keys().map((n) => n + 33)),
  }],
];

for (const [what, text, mode, credential] of accepted) {
  test(`parseCredential() takes ${what}`, () => assert.deepEqual(parse(text, mode), credential));
}

const refused: readonly (readonly [text: string, mode: Mode, code: string, flaw: string])[] = [
  ["", undefined, "credential-invalid", "value is empty"],
  ["\n", undefined, "credential-invalid", "value is empty"],
  ["\uFEFF", undefined, "credential-invalid", "value is empty"],
  ["Bearer canary", undefined, "credential-invalid", "token starts with 'Bearer '"],
  ["basic canary", undefined, "credential-invalid", "token starts with 'basic '"],
  ["canary\n\n", undefined, "credential-invalid", "token holds a line break"],
  ["can\rary", undefined, "credential-invalid", "token holds a line break"],
  ["can ary", undefined, "credential-invalid", "token holds white space"],
  ["can\u00a0ary", undefined, "credential-invalid", "token holds white space"],
  ["can\0ary", undefined, "credential-invalid", "token holds a control character"],
  ["canary\x7f", undefined, "credential-invalid", "token holds a control character"],
  ["canäry", undefined, "credential-invalid", "token holds a character outside ASCII"],
  ['{"token":"canary\\n"}', undefined, "credential-invalid", "token holds a line break"],
  ['{"token":""}', undefined, "credential-invalid", "token is empty"],
  ['{"token":12}', undefined, "credential-invalid", '"token" is not a JSON string'],
  ["{canary", undefined, "credential-invalid", "value begins with { but is not valid JSON"],
  ["{}", undefined, "credential-invalid", "JSON object holds no members, not a token"],
  [
    '{"mlflow_token":"canary","":1}',
    undefined,
    "credential-invalid",
    'JSON object holds "mlflow_token", 1 other member, not a token',
  ],
  ['{"username":"canary"}', undefined, "credential-invalid", 'JSON object holds "username", but no "password"'],
  ['{"password":"canary"}', undefined, "credential-invalid", 'JSON object holds "password", but no "username"'],
  ['{"username":"","password":"canary"}', undefined, "credential-invalid", "user name is empty"],
  ['{"username":"a","password":""}', undefined, "credential-invalid", "password is empty"],
  ['{"username":"a:b","password":"canary"}', undefined, "credential-invalid", "user name holds a colon"],
  ['{"username":"a\\tb","password":"canary"}', undefined, "credential-invalid", "user name holds a control character"],
  ['{"username":"a","password":"can\\u0000ary"}', undefined, "credential-invalid", "password holds a NUL character"],
  [
    '{"username":"a","password":"\\ud800canary"}',
    undefined,
    "credential-invalid",
    "password holds half a surrogate pair",
  ],
  [
    '{"__proto__":{"token":"canary"}}',
    undefined,
    "credential-invalid",
    "JSON object holds 1 other member, not a token",
  ],
  ["canary", "basic", "credential-mode", "mode is basic but the value is not user:password"],
  ['{"token":"canary"}', "basic", "credential-mode", "mode is basic but the value holds a token"],
  [
    '{"username":"a","password":"canary"}',
    "bearer",
    "credential-mode",
    "mode is bearer but the value holds a user name and password",
  ],
];

for (const [text, mode, code, flaw] of refused) {
  test(`parseCredential() refuses ${JSON.stringify(text)}${mode === undefined ? "" : ` in ${mode} mode`} without quoting it`, () => {
    assert.throws(() => parse(text, mode), (error: Error & { code: string; remedy: string }) => {
      assert.deepEqual({ code: error.code, message: error.message }, {
        code,
        message: `Cannot use secret "mlflow": ${flaw}`,
      });
      assert.ok(!/can.{0,3}ry/.test(error.message + error.remedy + error.stack), error.remedy);
      assert.equal(error.cause, undefined);
      return true;
    });
  });
}
