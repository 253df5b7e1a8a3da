import { expect, test } from "vitest";
import { Cancelled, Failure } from "../sdk/failure.ts";
import { failureOf } from "../sdk/local-host/system-failure.ts";
import { errorList } from "./error-list.ts";
import { addStepTitle, failureText, isOnlyTheAbort } from "./failure-text.ts";

test("a failure is shown with its causes and hint, and without a stack", () => {
  const cause = new Error("connect ECONNREFUSED");
  const fault = new Failure("Docker did not answer", { cause, hint: "Start it." });
  expect(failureText(fault)).toEqual({
    message: "Docker did not answer",
    causes: ["connect ECONNREFUSED"],
    hint: "Start it.",
  });
});

test("what the system answered is told once, in words", () => {
  const full = Object.assign(new Error("ENOSPC: no space left on device, write"), { code: "ENOSPC" });
  expect(failureText(failureOf(full, "write", "/x"))).toEqual({
    message: "Cannot write /x: the disk is full",
    hint: "Make room on the disk that holds it, and try again.",
  });
});

test("a cause that the message already tells is not told again", () => {
  const fault = new Failure("cannot write x: no space left", { cause: new Error("no space left") });
  expect(failureText(fault).causes).toBeUndefined();
});

test("anything that is neither failure nor cancel is a bug, with its stack", () => {
  expect(failureText(new TypeError("x is not a function")).bug).toContain("failure-text.test.ts");
  expect(failureText("text").bug).toBe("text");
  expect(failureText(new Cancelled()).bug).toBeUndefined();
});

test("the innermost step is named once", () => {
  const fault = new Failure("no such image");
  addStepTitle(fault, "Pull image");
  addStepTitle(fault, "Prepare");
  expect(failureText(fault).message).toBe("Pull image: no such image");
});

test("several faults become one, in Packer's shape, and keep their hints", () => {
  const faults = [
    { prefix: "Post-processor failed", fault: new Failure("disk full", { hint: "Make room." }) },
    { prefix: "Post-processor failed", fault: new Failure("no route", { cause: new Error("EHOSTUNREACH") }) },
  ];
  const { message, hint, bug, causes } = failureText(errorList(faults));
  expect(message).toBe(
    "2 error(s) occurred:\n\n* Post-processor failed: disk full\n* Post-processor failed: no route: EHOSTUNREACH",
  );
  expect(hint).toBe("Make room.");
  expect(causes).toBeUndefined();
  expect(bug).toBeUndefined();
});

test("a bug among several faults stays a bug", () => {
  expect(failureText(errorList([{ fault: new Failure("a") }, { fault: new Error("b") }])).bug).toContain("Error: b");
});

test("what an aborted signal made a component throw is told from what it found", () => {
  const controller = new AbortController();
  const abortError = new DOMException("aborted", "AbortError");
  expect(isOnlyTheAbort(abortError, controller.signal)).toBe(false);
  controller.abort(new Cancelled("interrupt"));
  expect(isOnlyTheAbort(abortError, controller.signal)).toBe(true);
  expect(isOnlyTheAbort(controller.signal.reason, controller.signal)).toBe(true);
  expect(isOnlyTheAbort(new Failure("disk full"), controller.signal)).toBe(false);
});

test("a fault that is its own cause ends", () => {
  const fault = new Failure("round");
  fault.cause = fault;
  expect(failureText(fault).message).toBe("round");
});
