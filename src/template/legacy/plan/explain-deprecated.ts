import type { Explanation } from "../../files/explain-missing-names.ts";

/** Says of an option that is no more what has become of it: `fix` knows. */
export function explanationOfDeprecated(type: string, path: string): Explanation {
  return async (diagnostics) => {
    for (const [index, fault] of diagnostics.all.entries()) {
      const key = /^unknown configuration key: '"(.*)"'$/s.exec(fault.summary)?.[1];
      if (fault.code !== "argument-unsupported" || key === undefined) continue;
      const { deprecatedOptions } = await import("../../fixers/fixers.ts");
      if (!deprecatedOptions(type).has(key)) continue;
      diagnostics.all[index] = {
        ...fault,
        code: "argument-deprecated",
        summary: `Deprecated configuration key: '${key}'`,
        detail: `This option was renamed or removed. To bring the template up to date, run: ingot fix ${path === "" ? "TEMPLATE" : path}`,
      };
    }
  };
}
