import { expect, test } from "vitest";
import { catalogue } from "../catalogue.ts";
import { insteadOfPackersOwn } from "./packer-own-components.ts";

test("what Packer itself brings and Ingot does not have yet has an answer", () => {
  expect(insteadOfPackersOwn("powershell")).toContain("Windows");
  expect(insteadOfPackersOwn("hcp-packer-version")).toContain("http");
  expect(insteadOfPackersOwn("constructor")).toBeUndefined();
});

test("nothing that is built in is said to be missing", () => {
  const { builders, provisioners, postProcessors, dataSources } = catalogue;
  const builtIn = [builders, provisioners, postProcessors, dataSources].flatMap(Object.keys);

  expect(builtIn.filter((type) => insteadOfPackersOwn(type) !== undefined)).toEqual([]);
});
