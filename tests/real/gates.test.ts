import "../support/guard.ts";
import assert from "node:assert/strict";
import { test } from "node:test";
import { tryPython } from "../support/python.ts";
import { skipIfError } from "../support/skip.ts";
import { ADDRESS_CASES } from "./gates/address_cases.ts";
import type { GateCase } from "./gates/gate_case.ts";
import { judgeAll } from "./gates/judge.ts";
import { REAL_CASES } from "./gates/real_cases.ts";
import { startStage } from "./gates/stage.ts";
import { STUB_CASES } from "./gates/stub_cases.ts";

// The measure: doctor fails no check if and only if MLflow's own Python client succeeds under exec, and each remedy, done, ends the
// failure. `GATES=<pattern>` runs the cases whose names match.

const CASES: readonly GateCase[] = [...REAL_CASES, ...ADDRESS_CASES, ...STUB_CASES];
const noPython = skipIfError(await tryPython("mlflow"));
const pattern = new RegExp(Deno.env.get("GATES") ?? ".");

test(
  "doctor and MLflow's client agree at every gate, and each remedy ends the failure",
  { skip: noPython },
  async () => {
    await using stage = await startStage();
    const { table, wrong } = await judgeAll(stage, CASES.filter(({ name }) => pattern.test(name)));
    console.log(table);
    assert.equal(wrong.length, 0, `\n${wrong.join("\n")}`);
  },
);
