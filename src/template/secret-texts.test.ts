import { expect, test } from "vitest";
import { NUMBER } from "../hcl/values/type.ts";
import { listValue, numberValue, objectValue, sensitive, stringValue, TRUE } from "../hcl/values/value.ts";
import { secretTexts } from "./secret-texts.ts";

test("what is within a sensitive value is secret, and what is beside it is not", () => {
  const value = objectValue({
    open: stringValue("open"),
    closed: sensitive(objectValue({ user: stringValue("u-1"), empty: stringValue("") })),
  });

  expect([...secretTexts(value)]).toEqual(["u-1"]);
});

test("a sensitive number is secret by its digits, unless all output is full of such", () => {
  const value = sensitive(listValue(NUMBER, [8, 443, 48213, -8080, 0.25].map(numberValue)));

  expect([...secretTexts(value), ...secretTexts(sensitive(TRUE))]).toEqual(["48213", "-8080", "0.25"]);
});
