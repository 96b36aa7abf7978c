import assert from "node:assert/strict";
import { test } from "node:test";
import { IDENTITIES } from "../../../../src/azure/identities/identities.ts";

test("IDENTITIES have names of their own", () => {
  const names = IDENTITIES.map(({ name }) => name);
  assert.deepEqual(names.filter((name, index) => names.indexOf(name) !== index), []);
});

test("IDENTITIES lists the tools of a developer after all that a machine or a job has", () => {
  const groups = IDENTITIES.map(({ group }) => group);
  assert.deepEqual(groups, groups.toSorted().reverse());
});
