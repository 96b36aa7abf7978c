import assert from "node:assert/strict";
import { test } from "node:test";
import { readSettings } from "../../../../src/core/settings/read_settings.ts";
import { detectTool, type DeveloperTool, toolMissing } from "../../../../src/azure/sign_in/developer_tool.ts";
import { fakeHost } from "../../../support/host.ts";

const { settings } = readSettings({ env: {} });
const TOOL: DeveloperTool = {
  program: "tool",
  onWindows: ["tool.cmd", "tool.exe"],
  install: "see https://tool.example",
  login: "tool login",
  loginFor: ({ scope }) => `tool login --scope ${scope}`,
  look: "tool show",
  roots: "SSL_CERT_FILE",
  takesClaims: false,
  ask: () => [],
  read: () => ({ token: undefined, expires: undefined }),
  signedIn: ({ host }) => Promise.resolve(host.env["SIGNED_IN"] === "yes"),
};

function world(there: string, env: Readonly<Record<string, string>>, platform: "linux" | "windows" = "linux") {
  const asked: string[] = [];
  const host = fakeHost({
    platform,
    env,
    isFile: (path) => {
      asked.push(path);
      return Promise.resolve(path === there);
    },
  });
  return { asked, sign: detectTool(TOOL)({ settings, host }) };
}

test("detectTool() finds a program on PATH and asks who is signed in", async () => {
  const signedIn = world("/b/tool", { PATH: "/a::/b:/c", SIGNED_IN: "yes" });
  assert.deepEqual(await signedIn.sign, { is: "configured", reason: "tool is on PATH, and somebody is signed in" });
  assert.deepEqual(signedIn.asked, ["/a/tool", "/b/tool"]);
  assert.deepEqual(await world("/b/tool", { PATH: "/b" }).sign, {
    is: "possible",
    reason: "tool is on PATH, but its files show nobody signed in",
  });
});

test("detectTool() finds no program without PATH", async () => {
  assert.deepEqual(await world("/b/tool", { SIGNED_IN: "yes" }).sign, { is: "absent", reason: "tool is not on PATH" });
});

test("detectTool() looks for the endings of Windows in a Path of Windows", async () => {
  assert.equal(
    (await world("D:\\b\\tool.exe", { Path: "C:\\a;D:\\b", SIGNED_IN: "yes" }, "windows").sign).is,
    "configured",
  );
});

test("toolMissing() says how to install the tool and sign in", () => {
  const { code, message, remedy } = toolMissing(TOOL);
  assert.deepEqual([code, message, remedy], [
    "developer-tool-missing",
    'Cannot use "tool": it is not on PATH',
    "install it (see https://tool.example), then sign in: tool login",
  ]);
});
